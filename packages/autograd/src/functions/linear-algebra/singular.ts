import { fail } from '../../core/errors.ts';
import { showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { batchOf, visitMatrices } from '../../kernels/linear-algebra/matrices.ts';
import { factorsOf } from '../../primitives/smooth/linear-algebra/solve.ts';
import { showEntry } from './operands.ts';

/** Throws if a matrix is singular, with the first that is. */
export function failIfSingular(operation: string, a: Tensor): void {
  const batch = batchOf(a);
  let place = 0;
  visitMatrices(batch, [a], ([at]) => {
    const { zeroPivot } = factorsOf(a, at);
    if (zeroPivot !== undefined) {
      fail(`${operation}: the matrix is singular`, {
        got: `A of shape ${showShape(a.shape)}; ${showEntry(batch, place)}pivot ${zeroPivot} of elimination is 0`,
        needs: 'rows that are linearly independent',
        fix: 'look for rows that repeat or add up to each other; add a small multiple of the identity to regularize',
      });
    }
    place++;
  });
}
