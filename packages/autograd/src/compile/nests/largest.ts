import { entriesOf } from '../../core/shape.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { LargestKind } from '../../kernels/kinds.ts';
import { type NodeContext, type View, viewOf } from './node-context.ts';
import { Walk } from './walk.ts';
import { vectorKernel } from './walk-kernels.ts';

/** The place of the extreme over dims: entry by entry, in reading order. */
export function largestKernel(context: NodeContext, kind: LargestKind<unknown>): Kernel {
  const { node } = context;
  const x = viewOf(context, node.inputs[0] as number);
  const out = viewOf(context, node.output);
  const dims = kind.dims(node.params);
  const first = { ...x, strides: x.strides.map((step, d) => (dims.includes(d) ? 0 : step)) };
  const reduced: View = {
    ...x,
    address: 0,
    shape: x.shape.map((size, d) => (dims.includes(d) ? size : 1)),
  };
  const inside = new Walk(
    reduced.shape,
    [reduced],
    x.shape.map((_, d) => d),
  );
  const kernel = vectorKernel(context, out.shape, [out, first], (w, place) => {
    const extreme = w.keep(place.load(1));
    const counted = w.keep(w.constant(-1));
    const best = w.keep(w.constant(0));
    inside.write(w, w.index(0), w.index(inside.units), ([offset]) => {
      const entry = w.share(place.load(1, offset));
      const isNotANumber = w.not(w.equal(entry, entry));
      const wasNumber = w.equal(extreme.get(), extreme.get());
      const beats = kind.sign === 1 ? w.less(extreme.get(), entry) : w.less(entry, extreme.get());
      counted.set(w.add(counted.get(), w.constant(1)));
      const isBetter = w.share(w.or(beats, w.and(isNotANumber, wasNumber)));
      best.set(w.select(isBetter, counted.get(), best.get()));
      extreme.set(w.select(isBetter, entry, extreme.get()));
    });
    place.store(best.get());
  });
  return { ...kernel, cost: (3 * entriesOf(x.shape)) / Math.max(1, kernel.units) };
}
