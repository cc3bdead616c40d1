import type { Kernel } from '../../kernels/kernel.ts';
import type { Chain } from '../chains.ts';
import type { RowGroup } from '../rows.ts';
import type { LoopStage, Stage } from '../stages.ts';
import { type LoopContext, loopKernel, rowsKernel } from './loop-nest.ts';
import type { NodeContext } from './node-context.ts';
import { nodeKernels } from './node-kernels.ts';

interface Context extends LoopContext, Pick<NodeContext, 'tile'> {
  readonly stages: readonly Stage[];
}

/** The kernels of a chain: one, if it is of several groups. */
export function kernelsOfChain({ groups, rows, grain }: Chain, context: Context): Kernel[] {
  const [first, ...others] = groups as [RowGroup, ...RowGroup[]];
  if (others.length === 0) return kernelsOfGroup(first, context);
  const kernels = groups.flatMap((group) => kernelsOfGroup(group, context, rows));
  return [chainKernel(`chain${first.stages[0]}`, kernels, rows, grain)];
}

/** @param chained The rows of the chain that the group is in, if there are others. */
function kernelsOfGroup({ stages: numbers, rows }: RowGroup, context: Context, chained?: number): Kernel[] {
  const { stages } = context;
  const [stage, ...others] = numbers.map((index) => stages[index] as Stage) as [Stage, ...LoopStage[]];
  const name = `stage${numbers[0]}`;
  if (stage.kind === 'evaluate') return [];
  if (stage.kind === 'node') return nodeKernels(stage, { ...context, name, ...(chained && { rows: chained }) });
  if (others.length > 0) return [rowsKernel(name, [stage, ...others], rows, context)];
  return [chained === undefined ? loopKernel(name, stage, context) : rowsKernel(name, [stage], chained, context)];
}

/** The kernel of several that are cut in the same rows: a thread does some rows in all of them, one after the other. */
function chainKernel(name: string, kernels: readonly Kernel[], rows: number, grain: number): Kernel {
  return {
    name,
    elementType: (kernels[0] as Kernel).elementType,
    units: rows,
    grain,
    cost: kernels.reduce((sum, { units, cost }) => sum + units * cost, 0) / rows,
    start: kernels.reduce((sum, { start = 0 }) => sum + start, 0),
    write(w, library) {
      const written = kernels.map((kernel) => ({ run: kernel.write(w, library), unitsOfRow: kernel.units / rows }));
      return w.procedure(name, 3, (from, to, thread) => {
        for (const { run, unitsOfRow } of written) run(w.times(from, unitsOfRow), w.times(to, unitsOfRow), thread);
      });
    },
  };
}
