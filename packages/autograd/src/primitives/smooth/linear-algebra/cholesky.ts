import { allocate, allocateUnfilled } from '../../../core/allocate.ts';
import type { DType } from '../../../core/dtype.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { factorizePositive } from '../../../kernels/linear-algebra/cholesky.ts';
import { writeCholesky } from '../../../kernels/linear-algebra/loops/cholesky.ts';
import { matrixKind } from '../../../kernels/linear-algebra/loops/matrix-kind.ts';
import { batchOf, readMatrix, sizesOf, visitMatrices } from '../../../kernels/linear-algebra/matrices.ts';
import { symmetrize } from '../../../kernels/linear-algebra/symmetrize.ts';
import { bind } from '../../../tape/bind.ts';
import type { Primitive } from '../../../tape/primitive.ts';
import { mul } from '../../bilinear/mul.ts';
import { broadcastTo } from '../../linear/sum.ts';
import { chain, type LinearMap, selfAdjoint, smoothMap } from '../smooth-map.ts';
import { symmetricPart, timesOnLeft, transposition } from './matrix-maps.ts';
import { sampleDominant } from './sample-matrices.ts';
import { solvingTriangle } from './triangular-solve.ts';

/**
 * The lower triangle L with `L Lᵀ = ½ (A + Aᵀ)` of matrices `[…, n, n]`. Where one is not positive definite, its L is NaN.
 * From `L⁻¹ dA L⁻ᵀ = M + Mᵀ` with `M = L⁻¹ dL`, which is a lower triangle. Source: I. Murray, "Differentiation of the
 * Cholesky decomposition", arXiv:1602.07527, section 3.
 */
export const choleskyPrimitive: Primitive<undefined> = smoothMap('cholesky', {
  value: ([a]) => triangle(a),
  differential: ({ output: l }) => {
    const solving = solvingTriangle(l, { upper: false, unitriangular: false });
    return {
      each: [chain(symmetricPart, solving, transposition, solving, lowerPart(l.shape.at(-1) as number, l.dtype))],
      last: timesOnLeft(l),
    };
  },
  kernel: matrixKind({ room: (size) => size * size, write: writeCholesky }),
  latex: (m, [a]) => m.apply('\\operatorname{chol}', a),
  sample: sampleDominant,
});

/** The lower triangle M of a symmetric matrix `M + Mᵀ`. */
function lowerPart(size: number, dtype: DType): LinearMap {
  const weights = allocate([size, size], dtype);
  for (let i = 0; i < size; i++) {
    const row = weights.offset + i * size;
    weights.storage.fill(1, row, row + i);
    weights.storage[row + i] = 0.5;
  }
  return selfAdjoint((x) => mul(x, broadcastTo(weights, x.shape)));
}

function triangle(a: Tensor): Tensor {
  const [size] = sizesOf(a);
  const out = allocateUnfilled(a.shape, a.dtype);
  const matrix = new Float64Array(size * size);
  visitMatrices(batchOf(a), [a, out], ([place, atOut]) => {
    symmetrize(readMatrix(a, place, matrix), size);
    if (factorizePositive(matrix, size) !== undefined) matrix.fill(Number.NaN);
    out.storage.set(matrix, atOut);
  });
  return out;
}

export function choleskyFactor(a: Tensor): Tensor {
  return bind(choleskyPrimitive, [a], undefined);
}
