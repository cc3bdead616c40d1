import { entriesOf } from '../../core/shape.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { GatherKind } from '../../kernels/kinds.ts';
import { type NodeContext, type View, viewOf } from './node-context.ts';
import { walkKernel } from './walk-kernels.ts';

/** Reads one entry for each index. Indices have been checked. */
export function gatherKernel(context: NodeContext, kind: GatherKind<unknown>): Kernel {
  const [x, index] = context.node.inputs.map((value) => viewOf(context, value)) as [View, View];
  const out = viewOf(context, context.node.output);
  const { dim, ignored } = kind.along(context.node.params);
  const step = x.strides[dim] as number;
  const without = { ...x, strides: x.strides.map((stride, d) => (d === dim ? 0 : stride)) };
  const kernel = walkKernel(context, out.shape, [out, index, without], (w, to, at, from) => {
    const entry = w.fix(w.loadIndex(at));
    const read = (): void => w.copy(to, w.plus(from, w.times(entry, step)));
    if (ignored === undefined) read();
    else w.when(w.isEqual(entry, ignored), () => w.storeElement(to, w.zero()), read);
  });
  return { ...kernel, cost: (3 * entriesOf(out.shape)) / Math.max(1, kernel.units) };
}
