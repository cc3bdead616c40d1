import { entriesOf } from '../../core/shape.ts';
import { vectorScalarMath } from '../../kernels/elementary/vector-scalar-math.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { ScanKind } from '../../kernels/kinds.ts';
import { type NodeContext, type View, viewOf } from './node-context.ts';
import type { Operand } from './walk.ts';
import { vectorKernel } from './walk-kernels.ts';

/** Goes along every line, lines side by side in the lanes. What is carried is of the element type. */
export function scanKernel(context: NodeContext, kind: ScanKind<unknown>): Kernel {
  const { node } = context;
  const x = viewOf(context, node.inputs[0] as number);
  const out = viewOf(context, node.output);
  const { dim, reverse } = kind.along(node.params);
  const next = kind.next(node.params);
  const size = out.shape[dim] as number;
  const stepOf = ({ strides }: View): number => (reverse ? -1 : 1) * (strides[dim] as number);
  const start = (view: View): Operand =>
    reverse ? { ...view, address: view.address + (size - 1) * (view.strides[dim] as number) } : view;
  const lines = out.shape.map((length, d) => (d === dim ? 1 : length));
  const kernel = vectorKernel(context, lines, [start(out), start(x)], (w, place) => {
    const math = vectorScalarMath(w);
    const carried = kind.initial.map((number) => w.keep(w.constant(number)));
    const cursors = [out, x].map((view) => [w.index(0), stepOf(view)] as const);
    w.loop(w.index(size), [...cursors, [w.index(0), 1]], (to, from, at) => {
      const [entry, counted] = [w.share(place.load(1, from)), w.fromIndex(at)].map(math.fromNumbers);
      const before = carried.map((number) => math.fromNumbers(number.get()));
      const after = next(math, entry, counted, before).map((number) => w.share(math.numberOf(number)));
      carried.forEach((number, k) => {
        number.set(after[k]);
      });
      place.store(after[0], to);
    });
  });
  return { ...kernel, cost: (2 * entriesOf(out.shape)) / Math.max(1, kernel.units) };
}
