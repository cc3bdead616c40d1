import type { Tensor } from '../../core/tensor.ts';
import { commonestPlaces, medianOf, nanmedianOf } from '../../kernels/order-statistics.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { locallyConstant, weighing } from './degree.ts';
import { evenSharesWithNaN } from './extremes.ts';

/** The lower median over dims, which keep size one; equal entries share the derivative. NaN where there is one. */
export const medianPrimitive: Primitive<{ dims: readonly number[] }> = weighing('median', {
  value: medianOf,
  weights: evenSharesWithNaN,
});

/** The lower median over dims, which keep size one, of what is not NaN; equal entries share the derivative. */
export const nanmedianPrimitive: Primitive<{ dims: readonly number[] }> = weighing('nanmedian', {
  value: nanmedianOf,
  weights: evenSharesWithNaN,
});

/**
 * The place of the entry along a dim, which keeps size one, that occurs most often: of such entries the smallest, and of
 * its places the last. dtype int32.
 */
export const modePrimitive: Primitive<{ dim: number }> = locallyConstant('modePlace', {
  value: ([x], { dim }) => commonestPlaces(x, dim),
  latex: (m, [x], { params: { dim } }) => m.apply(`\\operatorname{argmode}_{${dim}}`, x),
  sample: (draw) => {
    const shape = draw.shape({ minimumRank: 1, minimumSize: 1 });
    return {
      inputs: [draw.tensor(shape, { low: -3, high: 3, distinct: true })],
      params: { dim: draw.integer(0, shape.length - 1) },
    };
  },
});

export function medianKept(x: Tensor, dims: readonly number[]): Tensor {
  return bind(medianPrimitive, [x], { dims });
}
export function nanmedianKept(x: Tensor, dims: readonly number[]): Tensor {
  return bind(nanmedianPrimitive, [x], { dims });
}
export function placeOfCommonest(x: Tensor, dim: number): Tensor {
  return bind(modePrimitive, [x], { dim });
}
