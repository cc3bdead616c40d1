// The determinant, and its logarithm for where it would overflow: each from the factors of elimination.
import { allocate, allocateUnfilled } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { cofactors } from '../../../kernels/linear-algebra/cofactors.ts';
import type { Factors } from '../../../kernels/linear-algebra/lu.ts';
import {
  batchOf,
  hasOnlyFinite,
  readMatrix,
  sizesOf,
  visitMatrices,
} from '../../../kernels/linear-algebra/matrices.ts';
import { bind } from '../../../tape/bind.ts';
import type { Draw, Primitive, Sample } from '../../../tape/primitive.ts';
import { multiplyMatrices } from '../../bilinear/matmul.ts';
import { mul } from '../../bilinear/mul.ts';
import { sub } from '../../linear/arithmetic.ts';
import { transposeMatrix } from '../../linear/permute.ts';
import { reshape } from '../../linear/reshape.ts';
import { selfAdjoint, smoothMap } from '../smooth-map.ts';
import { invert } from './inverse.ts';
import { innerProductWith } from './matrix-maps.ts';
import { drawBatch, drawDominant } from './sample-matrices.ts';
import { factorsOf } from './solve.ts';

const sampleMatrices = (draw: Draw): Sample<undefined> => {
  const { batch, size } = drawBatch(draw);
  return { inputs: [drawDominant(draw, batch, size)], params: undefined };
};

/** The determinants of matrices `[…, n, n]`: shape `[…]`. The derivative by each entry is its cofactor. */
export const determinantPrimitive: Primitive<undefined> = smoothMap('det', {
  value: ([a]) => ofFactors(a, ({ entries, size, sign }) => diagonalOf(entries, size).reduce((x, y) => x * y, sign)),
  differential: ({ inputs: [a] }) => ({ each: [innerProductWith(cofactorsOf(a))] }),
  latex: (m, [a]) => m.apply('\\det', a),
  sample: sampleMatrices,
});

/** `log |det A|` of matrices `[…, n, n]`: shape `[…]`. Its derivative is `A⁻ᵀ`, which is NaN where A is singular. */
export const logAbsDeterminantPrimitive: Primitive<undefined> = smoothMap('logAbsDet', {
  value: ([a]) =>
    ofFactors(a, ({ entries, size }) =>
      diagonalOf(entries, size).reduce((sum, pivot) => sum + Math.log(Math.abs(pivot)), 0),
    ),
  differential: ({ inputs: [a] }) => ({ each: [innerProductWith(transposeMatrix(invert(a)))] }),
  latex: (m, [a]) => m.log(m.abs(m.apply('\\det', a))),
  sample: sampleMatrices,
});

/**
 * The cofactors of matrices `[…, n, n]`, also of singular ones: `C = det(A) A⁻ᵀ` where there is an inverse. From
 * `dC = ⟨A⁻ᵀ, dA⟩ C - C dAᵀ A⁻ᵀ`, so that a second derivative of a singular matrix's determinant is NaN.
 */
export const cofactorsPrimitive: Primitive<undefined> = smoothMap('cofactors', {
  value: ([a]) => matricesOfCofactors(a),
  differential: ({ inputs: [a], output: c }) => {
    const w = transposeMatrix(invert(a));
    const along = innerProductWith(w);
    const change = (x: Tensor): Tensor => {
      const inner = reshape(along.apply(x), [...batchOf(a), 1, 1]);
      return sub(mul(inner, c), multiplyMatrices(multiplyMatrices(c, transposeMatrix(x)), w));
    };
    return { each: [selfAdjoint(change)] };
  },
  latex: (m, [a]) => m.apply('\\operatorname{cof}', a),
  sample: sampleMatrices,
});

/** A number for each matrix, from its factors. */
export function ofFactors(a: Tensor, numberOf: (factors: Factors) => number): Tensor {
  const batch = batchOf(a);
  const out = allocate(batch, a.dtype);
  let at = out.offset;
  visitMatrices(batch, [a], ([place]) => {
    out.storage[at++] = numberOf(factorsOf(a, place));
  });
  return out;
}

export function diagonalOf(entries: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => entries[i * size + i]);
}

function matricesOfCofactors(a: Tensor): Tensor {
  const [size] = sizesOf(a);
  const out = allocateUnfilled(a.shape, a.dtype);
  const matrix = new Float64Array(size * size);
  visitMatrices(batchOf(a), [a, out], ([place, atOut]) => {
    readMatrix(a, place, matrix);
    if (hasOnlyFinite(matrix)) cofactors(matrix, size);
    else matrix.fill(Number.NaN);
    out.storage.set(matrix, atOut);
  });
  return out;
}

export function determinantOf(a: Tensor): Tensor {
  return bind(determinantPrimitive, [a], undefined);
}

export function logAbsDeterminantOf(a: Tensor): Tensor {
  return bind(logAbsDeterminantPrimitive, [a], undefined);
}

function cofactorsOf(a: Tensor): Tensor {
  return bind(cofactorsPrimitive, [a], undefined);
}
