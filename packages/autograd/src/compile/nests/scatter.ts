import { vectorScalarMath } from '../../kernels/elementary/vector-scalar-math.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { ScatterKind } from '../../kernels/kinds.ts';
import { loadEntry, storeEntry } from './elements.ts';
import { type NodeContext, type View, viewOf } from './node-context.ts';
import { copyKernel, zeroKernel } from './place.ts';
import { walkKernel } from './walk-kernels.ts';

/** Zeros or a copy, into which each entry is combined where its index says, by one thread. Indices have been checked. */
export function scatterKernels(context: NodeContext, kind: ScatterKind<unknown>): Kernel[] {
  const { name, node } = context;
  const inputs = node.inputs.map((value) => viewOf(context, value));
  const [x, index] = inputs.slice(-2) as [View, View];
  const out = viewOf(context, node.output);
  const begin = { ...context, name: `${name}_begin` };
  const first = inputs.length === 3 ? copyKernel(begin, inputs[0] as View, out) : zeroKernel(begin, out);
  const { dim, ignored } = kind.along(node.params);
  const step = out.strides[dim] as number;
  const without = { ...out, strides: out.strides.map((stride, d) => (d === dim ? 0 : stride)) };
  const join = walkKernel({ ...context, name: `${name}_join` }, index.shape, [without, index, x], (w, to, at, from) => {
    const math = vectorScalarMath(w);
    const entry = w.fix(w.loadIndex(at));
    const write = (): void => {
      const target = w.fix(w.plus(to, w.times(entry, step)));
      const [before, more] = [loadEntry(w, out.storage, target), loadEntry(w, x.storage, from)].map(math.fromNumbers);
      storeEntry(w, out.storage, target, math.numberOf(kind.combine(math, before, more)));
    };
    if (ignored === undefined) write();
    else w.when(w.isEqual(entry, ignored), () => {}, write);
  });
  return [first, { ...join, grain: Math.max(1, join.units) }];
}
