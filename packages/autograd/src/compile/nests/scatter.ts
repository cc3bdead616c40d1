import type { Kernel } from '../../kernels/kernel.ts';
import type { ScatterKind } from '../../kernels/kinds.ts';
import { type NodeContext, type View, viewOf } from './node-context.ts';
import { zeroKernel } from './place.ts';
import { walkKernel } from './walk-kernels.ts';

/** Zeros, to which each entry is added where its index says, by one thread. Indices have been checked. */
export function scatterKernels(context: NodeContext, kind: ScatterKind<unknown>): Kernel[] {
  const { name, node } = context;
  const [x, index] = node.inputs.map((value) => viewOf(context, value)) as [View, View];
  const out = viewOf(context, node.output);
  const { dim, ignored } = kind.along(node.params);
  const step = out.strides[dim] as number;
  const without = { address: out.address, strides: out.strides.map((stride, d) => (d === dim ? 0 : stride)) };
  const add = walkKernel({ ...context, name: `${name}_add` }, index.shape, [without, index, x], (w, to, at, from) => {
    const entry = w.fix(w.loadIndex(at));
    const write = (): void => {
      const target = w.fix(w.plus(to, w.times(entry, step)));
      w.storeElement(target, w.add(w.splat(target), w.splat(from)));
    };
    if (ignored === undefined) write();
    else w.when(w.isEqual(entry, ignored), () => {}, write);
  });
  return [zeroKernel({ ...context, name: `${name}_zeros` }, out), { ...add, grain: Math.max(1, add.units) }];
}
