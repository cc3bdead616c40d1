// The determinant, and its logarithm for where it would overflow: each from the factors of elimination.
import { allocate } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import type { BlockKind } from '../../../kernels/kinds.ts';
import { type OfPivots, writeOfPivots } from '../../../kernels/linear-algebra/loops/determinant.ts';
import { matrixKind } from '../../../kernels/linear-algebra/loops/matrix-kind.ts';
import type { Factors } from '../../../kernels/linear-algebra/lu.ts';
import { batchOf, visitMatrices } from '../../../kernels/linear-algebra/matrices.ts';
import { bind } from '../../../tape/bind.ts';
import type { Primitive } from '../../../tape/primitive.ts';
import { transposeMatrix } from '../../linear/permute.ts';
import { smoothMap } from '../smooth-map.ts';
import { cofactorsOf } from './cofactors.ts';
import { invert } from './inverse.ts';
import { innerProductWith } from './matrix-maps.ts';
import { sampleDominant } from './sample-matrices.ts';
import { factorsOf } from './solve.ts';

/** The determinants of matrices `[…, n, n]`: shape `[…]`. The derivative by each entry is its cofactor. */
export const determinantPrimitive: Primitive<undefined> = smoothMap('det', {
  value: ([a]) => ofFactors(a, ({ entries, size, sign }) => diagonalOf(entries, size).reduce((x, y) => x * y, sign)),
  differential: ({ inputs: [a] }) => ({ each: [innerProductWith(cofactorsOf(a))] }),
  kernel: ofPivots('sign', (m, product, pivot) => m.mul(product, pivot)),
  latex: (m, [a]) => m.apply('\\det', a),
  sample: sampleDominant,
});

/** `log |det A|` of matrices `[…, n, n]`: shape `[…]`. Its derivative is `A⁻ᵀ`, which is NaN where A is singular. */
export const logAbsDeterminantPrimitive: Primitive<undefined> = smoothMap('logAbsDet', {
  value: ([a]) =>
    ofFactors(a, ({ entries, size }) =>
      diagonalOf(entries, size).reduce((sum, pivot) => sum + Math.log(Math.abs(pivot)), 0),
    ),
  differential: ({ inputs: [a] }) => ({ each: [innerProductWith(transposeMatrix(invert(a)))] }),
  kernel: ofPivots(0, (m, sum, pivot) => m.add(sum, m.log(m.abs(pivot)))),
  latex: (m, [a]) => m.log(m.abs(m.apply('\\det', a))),
  sample: sampleDominant,
});

/** Loops that combine the pivots of elimination. */
export function ofPivots(initial: OfPivots['initial'], combine: OfPivots['combine']): BlockKind<undefined> {
  return matrixKind<undefined>({
    givesNumber: true,
    room: (size) => size * size,
    write: (w, work) => writeOfPivots(w, work, { initial, combine }),
  });
}

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

export function determinantOf(a: Tensor): Tensor {
  return bind(determinantPrimitive, [a], undefined);
}

export function logAbsDeterminantOf(a: Tensor): Tensor {
  return bind(logAbsDeterminantPrimitive, [a], undefined);
}
