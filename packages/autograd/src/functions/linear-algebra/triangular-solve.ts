import { fail } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import { transposeMatrix } from '../../primitives/linear/permute.ts';
import { solveTriangles } from '../../primitives/smooth/linear-algebra/triangular-solve.ts';
import { broadcastBatches, checkMatrices, checkSameDType, checkSizesMeet, checkSquare } from './operands.ts';

export interface SolveTriangularOptions {
  /** Whether the upper triangle of A counts, or the lower one. */
  readonly upper: boolean;
  /** Whether A stands on the left: `A X = B`; if not, `X A = B`. Default: true. */
  readonly left?: boolean;
  /** Whether the diagonal of A counts as ones, whatever is there. Default: false. */
  readonly unitriangular?: boolean;
}

/**
 * X with `A X = B` for triangles A, by substitution. The other triangle of A is not read. A zero on the diagonal gives
 * infinities and NaN.
 *
 * @param A `[…, n, n]`.
 * @param B `[…, n, k]`, or `[…, k, n]` if A stands on the right; leading dims broadcast.
 * @throws GradtapeError if A is not square, it is not said which triangle counts, or the shapes or dtypes do not fit.
 * @example
 * solveTriangular(tensor([[2, 0], [1, 4]]), tensor([[2], [9]]), { upper: false }); // [[1], [2]]
 */
export function solveTriangular(A: Tensor, B: Tensor, options: SolveTriangularOptions): Tensor {
  const { upper, left = true, unitriangular = false } = options ?? {};
  checkSquare('solveTriangular', A);
  checkMatrices('solveTriangular', B, 'B');
  checkSameDType('solveTriangular', A, B);
  if (typeof upper !== 'boolean') {
    fail('solveTriangular: which triangle of A?', {
      got: `upper: ${upper}`,
      needs: 'true or false',
      fix: 'solveTriangular(A, B, { upper: false }) for a lower triangle',
    });
  }
  checkSizesMeet('solveTriangular', [A, 'A'], [B, 'B'], left ? 'rows' : 'columns');
  const [a, b] = broadcastBatches('solveTriangular', A, B);
  if (left) return solveTriangles(a, b, { upper, unitriangular });
  const transposed = solveTriangles(transposeMatrix(a), transposeMatrix(b), { upper: !upper, unitriangular });
  return transposeMatrix(transposed);
}

export interface TriangularSolveOptions {
  /** Whether the upper triangle of A counts, or the lower one. Default: true. */
  readonly upper?: boolean;
  /** Whether `Aᵀ X = b` is solved. Default: false. */
  readonly transpose?: boolean;
  /** Whether the diagonal of A counts as ones, whatever is there. Default: false. */
  readonly unitriangular?: boolean;
}

/**
 * {@link solveTriangular} as older scripts write it: the right side first.
 *
 * @param b `[…, n, k]`.
 * @param A `[…, n, n]`; leading dims broadcast.
 * @returns The solution, and A as it is.
 * @throws GradtapeError if A is not square, or the shapes or dtypes do not fit.
 * @example
 * triangularSolve(tensor([[9], [4]]), tensor([[2, 1], [0, 4]])).solution; // [[4], [1]]
 */
export function triangularSolve(
  b: Tensor,
  A: Tensor,
  { upper = true, transpose = false, unitriangular = false }: TriangularSolveOptions = {},
): { readonly solution: Tensor; readonly clonedCoefficient: Tensor } {
  checkSquare('triangularSolve', A);
  checkMatrices('triangularSolve', b, 'b');
  checkSameDType('triangularSolve', b, A);
  checkSizesMeet('triangularSolve', [A, 'A'], [b, 'b']);
  const [a, right] = broadcastBatches('triangularSolve', A, b);
  const solution = transpose
    ? solveTriangles(transposeMatrix(a), right, { upper: !upper, unitriangular })
    : solveTriangles(a, right, { upper, unitriangular });
  return { solution, clonedCoefficient: A };
}
