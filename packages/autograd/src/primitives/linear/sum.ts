// Summing dims and repeating along them: each is the other's transpose, so they stand in one file.
import { view } from '../../core/allocate.ts';
import { isFloating } from '../../core/dtype.ts';
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { reduceKernel } from '../../kernels/reduce.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';
import { reshape } from './reshape.ts';

const addUp = reduceKernel((m, a, b) => m.add(a, b), 0);

/** Sums over dims, which keep size one. Whole numbers and truth values are counted in int32. */
export const sumPrimitive: Primitive<{ dims: readonly number[] }> = linear('sum', {
  value: ([x], { dims }) => addUp(x as Tensor, dims, isFloating((x as Tensor).dtype) ? (x as Tensor).dtype : 'int32'),
  transpose: (cotangent, { inputs: [x] }) => [broadcastTo(cotangent, (x as Tensor).shape)],
  kernel: { kind: 'reduce', combine: (m, a, b) => m.add(a, b), initial: 0, dims: ({ dims }) => dims },
  latex: (m, [x], { inputs: [from], params: { dims } }) => m.sum(x, from.shape, dims),
  sample: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape)], params: { dims: shape.flatMap((_, d) => (draw.integer(0, 1) ? [d] : [])) } };
  },
});

export function sumKept(x: Tensor, dims: readonly number[]): Tensor {
  return bind(sumPrimitive, [x], { dims });
}

/** Repeats a tensor along new leading dims and along dims of size one, without copying. */
export const broadcastPrimitive: Primitive<{ shape: Shape }> = linear('broadcastTo', {
  value: ([x], { shape }) => {
    const from = x as Tensor;
    const added = shape.length - from.rank;
    const strides = shape.map((size, d) =>
      d < added || (from.shape[d - added] === 1 && size !== 1) ? 0 : (from.strides[d - added] as number),
    );
    return view(from, shape, strides, from.offset);
  },
  transpose: (cotangent, { inputs: [x] }) => {
    const { shape, rank } = x as Tensor;
    const added = cotangent.rank - rank;
    const stretched = cotangent.shape.flatMap((size, d) => (d < added || shape[d - added] !== size ? [d] : []));
    return [reshape(sumKept(cotangent, stretched), shape)];
  },
  kernel: { kind: 'view' },
  latex: (m, [x], { inputs: [from], params: { shape } }) => m.broadcast(x, from.shape, shape),
  sample: (draw) => {
    const shape = draw.shape();
    const small = shape.slice(draw.integer(0, shape.length)).map((size) => (draw.integer(0, 1) ? 1 : size));
    return { inputs: [draw.tensor(small)], params: { shape } };
  },
});

/** The tensor repeated to a shape that it broadcasts to, without copying; the tensor itself if it has that shape. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (x.rank === shape.length && x.shape.every((size, d) => size === shape[d])) return x;
  return bind(broadcastPrimitive, [x], { shape });
}
