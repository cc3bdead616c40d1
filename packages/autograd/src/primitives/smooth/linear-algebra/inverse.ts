import { allocateUnfilled } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { matrixKind } from '../../../kernels/linear-algebra/loops/matrix-kind.ts';
import { writeInverse } from '../../../kernels/linear-algebra/loops/solution.ts';
import { solveFactored } from '../../../kernels/linear-algebra/lu.ts';
import { batchOf, sizesOf, visitMatrices } from '../../../kernels/linear-algebra/matrices.ts';
import { bind } from '../../../tape/bind.ts';
import type { Primitive } from '../../../tape/primitive.ts';
import { chain, smoothMap } from '../smooth-map.ts';
import { negative, timesOnLeft, timesOnRight } from './matrix-maps.ts';
import { sampleDominant } from './sample-matrices.ts';
import { factorsOf } from './solve.ts';

/** `A⁻¹` of matrices `[…, n, n]`. Where one is singular, it is NaN. From `d(A⁻¹) = -A⁻¹ dA A⁻¹`. */
export const inversePrimitive: Primitive<undefined> = smoothMap('inverse', {
  value: ([a]) => inverse(a),
  differential: ({ output: y }) => ({ each: [chain(timesOnRight(y), timesOnLeft(y), negative)] }),
  kernel: matrixKind({ room: (size) => 2 * size * size, write: writeInverse }),
  latex: (m, [a]) => m.inverse(a),
  sample: sampleDominant,
});

function inverse(a: Tensor): Tensor {
  const [size] = sizesOf(a);
  const out = allocateUnfilled(a.shape, a.dtype);
  const right = new Float64Array(size * size);
  visitMatrices(batchOf(a), [a, out], ([atA, atOut]) => {
    const factors = factorsOf(a, atA);
    if (factors.zeroPivot === undefined) {
      right.fill(0);
      for (let i = 0; i < size; i++) right[i * size + factors.order[i]] = 1;
      solveFactored(factors, right, size);
    } else right.fill(Number.NaN);
    out.storage.set(right, atOut);
  });
  return out;
}

export function invert(a: Tensor): Tensor {
  return bind(inversePrimitive, [a], undefined);
}
