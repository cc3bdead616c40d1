import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { add } from '../../primitives/linear/arithmetic.ts';
import { keepEntries } from '../../primitives/linear/keep-entries.ts';
import { transposeMatrix } from '../../primitives/linear/permute.ts';
import { customGrad } from '../../transforms/custom-grad.ts';

/** The triangle of a symmetric matrix that is read; what is in the other does not matter. */
export type TriangleName = 'lower' | 'upper';

/**
 * The symmetric matrices whose triangle is that of `A`. The gradient is PyTorch's: symmetric, as if `½ (A + Aᵀ)` had been
 * read. Along symmetric matrices both have the same derivative; only there is it one of the function that is meant.
 */
export function symmetricFrom(triangle: TriangleName, A: Tensor): Tensor {
  return readings[triangle](A);
}

const readings: Readonly<Record<TriangleName, (A: Tensor) => Tensor>> = {
  lower: reading((row, column) => column - row),
  upper: reading((row, column) => row - column),
};

/** @param outside Below 0 in the triangle, 0 on the diagonal. */
function reading(outside: (row: number, column: number) => number): (A: Tensor) => Tensor {
  return customGrad({
    name: 'symmetric',
    forward: (a) =>
      add(
        keepEntries(a, (row, column) => outside(row, column) <= 0),
        transposeMatrix(keepEntries(a, (row, column) => outside(row, column) < 0)),
      ),
    backward: (g) => [mul(add(g, transposeMatrix(g)), 0.5)],
    latex: (m, [a]) => m.share(a),
    keepsNothing: true,
  });
}
