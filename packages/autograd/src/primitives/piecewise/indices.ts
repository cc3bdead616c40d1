import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { type Counted, lastPointers, placesOfNonzero, ravelEntries } from '../../kernels/index-entries.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { locallyConstant } from './degree.ts';

/** One index for each of several dims, as one index of these dims flattened (NumPy's `ravel_multi_index`). dtype int32. */
export const ravelIndexPrimitive: Primitive<{ counted: readonly Counted[] }> = locallyConstant('ravelIndex', {
  value: (indices, { counted }) => ravelEntries(indices, counted),
  sample: (draw) => {
    const shape = draw.shape();
    const sizes = Array.from({ length: draw.integer(1, 3) }, () => draw.integer(1, 4));
    return {
      inputs: sizes.map((size) => draw.indices(shape, size)),
      params: { counted: sizes.map((size, dim) => ({ operation: 'ravelIndex', dim, size, fromEnd: true })) },
    };
  },
});

/** Whether no later entry of an index, along a dim, points to the same place of a tensor of a shape. dtype bool. */
export const lastPointerPrimitive: Primitive<{ dim: number; shape: Shape }> = locallyConstant('lastPointer', {
  value: ([index], { dim, shape }) => lastPointers(index, dim, shape),
  sample: (draw) => {
    const shape = draw.shape({ minimumRank: 1, minimumSize: 1 });
    const dim = draw.integer(0, shape.length - 1);
    return { inputs: [draw.indices(shape, shape[dim])], params: { dim, shape } };
  },
});

/** The places, in reading order, of the entries that are not zero: dtype int32, one dim, of a size that depends on the values. */
export const nonzeroPrimitive: Primitive<undefined> = locallyConstant('nonzero', {
  value: ([x]) => placesOfNonzero(x),
  shapeDependsOnValues: true,
  sample: (draw) => ({ inputs: [draw.truths(draw.shape())], params: undefined }),
});

export function ravelIndices(indices: readonly Tensor[], counted: readonly Counted[]): Tensor {
  return bind(ravelIndexPrimitive, indices, { counted });
}
export function pointsLast(index: Tensor, dim: number, shape: Shape): Tensor {
  return bind(lastPointerPrimitive, [index], { dim, shape });
}
export function nonzeroPlaces(x: Tensor): Tensor {
  return bind(nonzeroPrimitive, [x], undefined);
}
