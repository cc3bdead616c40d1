// Linear maps of matrices, of which the differentials of matrix functions are made.
import type { Tensor } from '../../../core/tensor.ts';
import { multiplyMatrices } from '../../bilinear/matmul.ts';
import { mul } from '../../bilinear/mul.ts';
import { add, neg } from '../../linear/arithmetic.ts';
import { transposeMatrix } from '../../linear/permute.ts';
import { reshape } from '../../linear/reshape.ts';
import { broadcastTo, sumKept } from '../../linear/sum.ts';
import { type LinearMap, selfAdjoint } from '../smooth-map.ts';

/** `A X`. */
export function timesOnLeft(a: Tensor): LinearMap {
  return {
    apply: (x) => multiplyMatrices(a, x),
    transpose: (g) => multiplyMatrices(transposeMatrix(a), g),
  };
}

/** `X B`. */
export function timesOnRight(b: Tensor): LinearMap {
  return {
    apply: (x) => multiplyMatrices(x, b),
    transpose: (g) => multiplyMatrices(g, transposeMatrix(b)),
  };
}

export const negative: LinearMap = selfAdjoint(neg);

/** `½ (X + Xᵀ)`. */
export const symmetricPart: LinearMap = selfAdjoint((x) => mul(add(x, transposeMatrix(x)), 0.5));

export const transposition: LinearMap = selfAdjoint(transposeMatrix);

/** `⟨C, X⟩`, the sum of the products of entries, for every matrix of a batch. */
export function innerProductWith(c: Tensor): LinearMap {
  const batch = c.shape.slice(0, -2);
  const [rows, columns] = [c.rank - 2, c.rank - 1];
  return {
    apply: (x) => reshape(sumKept(mul(c, x), [rows, columns]), batch),
    transpose: (g) => mul(c, broadcastTo(reshape(g, [...batch, 1, 1]), c.shape)),
  };
}
