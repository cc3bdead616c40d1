import { view } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';

/** Dim `d` of the result is dim `order[d]` of the input. A view. */
export const permutePrimitive: Primitive<{ order: readonly number[] }> = linear('permute', {
  value: ([x], { order }) => {
    const { shape, strides, offset } = x as Tensor;
    return view(
      x as Tensor,
      order.map((d) => shape[d] as number),
      order.map((d) => strides[d] as number),
      offset,
    );
  },
  transpose: (cotangent, { params: { order } }) => [permuteDims(cotangent, inverse(order))],
  kernel: { kind: 'view' },
  latex: (m, [x], { params: { order } }) => m.permute(x, order),
  sample: (draw) => {
    const shape = draw.shape();
    const order = shape.map((_, d) => d);
    for (let d = order.length - 1; d > 0; d--) {
      const other = draw.integer(0, d);
      [order[d], order[other]] = [order[other] as number, order[d] as number];
    }
    return { inputs: [draw.tensor(shape)], params: { order } };
  },
});

function inverse(order: readonly number[]): number[] {
  return order.map((_, d) => order.indexOf(d));
}

/** The dims in another order, all counted from the front. */
export function permuteDims(x: Tensor, order: readonly number[]): Tensor {
  return bind(permutePrimitive, [x], { order });
}

/** The last two dims swapped: of a matrix, or of every matrix in a batch. */
export function transposeMatrix(x: Tensor): Tensor {
  const last = x.rank - 1;
  return permuteDims(
    x,
    x.shape.map((_, d) => (d === last ? last - 1 : d === last - 1 ? last : d)),
  );
}
