import type { Graph } from '../graph.ts';
import type { MemorySummary } from './memory-summary.ts';
import type { StageSummary } from './stage-summary.ts';
import type { ValueNames } from './value-names.ts';

/** What an explanation is made of. */
export interface ProgramParts {
  readonly engine: string;
  readonly graph: Graph;
  /** Primitives that were recorded, before the graph was simplified. */
  readonly recorded: number;
  readonly kernels: number;
  readonly stages: readonly StageSummary[];
  /** Milliseconds of each stage, and of all. */
  readonly times: readonly number[];
  readonly total: number;
  readonly memory: MemorySummary;
  readonly results: readonly number[];
  readonly names: ValueNames;
}
