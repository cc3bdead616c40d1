import type { Kernel } from '../../kernels/kernel.ts';
import type { Chain } from '../chains.ts';
import type { FusedProgram } from '../fuse.ts';
import type { Graph } from '../graph.ts';
import type { Plan } from '../plan.ts';

/** What of a program is explained. */
export interface ProgramView {
  readonly graph: Graph;
  readonly fused: FusedProgram;
  readonly plan: Plan;
  /** Its stages: each by itself, or several row by row. */
  readonly chains: readonly Chain[];
  readonly kernels: readonly Kernel[];
  /** Primitives in the trace, before it was simplified. */
  readonly recorded: number;
  readonly evaluated: number;
  readonly argumentValues: readonly number[];
  readonly slotValues: readonly number[];
  readonly resultValues: readonly number[];
  rehearse(measure: (stage: number, work: () => void) => void): void;
}
