import { fail } from '../../core/errors.ts';
import { sameShape, showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { transposeMatrix } from '../../primitives/linear/permute.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { solveMatrices } from '../../primitives/smooth/linear-algebra/solve.ts';
import {
  broadcastBatches,
  checkMatrices,
  checkResult,
  checkSameDType,
  checkSizesMeet,
  checkSquare,
} from './operands.ts';
import { failIfSingular } from './singular.ts';

export interface SolveOptions {
  /** Whether A stands on the left: `A X = B`; if not, `X A = B`. Default: true. */
  readonly left?: boolean;
}

/**
 * X with `A X = B`, by elimination with partial pivoting; more exact and faster than `inv(A).matmul(B)`. float32 is computed
 * in float64 and rounded once.
 *
 * @param A Square matrices, `[…, n, n]`.
 * @param B `[…, n, k]`, with leading dims that broadcast with those of A; or vectors: `[n]`, or of A's shape without its last
 *   dim. Of the same dtype.
 * @returns Of the shape of B, broadcast.
 * @throws GradtapeError if A is not square or singular (compiled, X is then NaN), or the shapes or dtypes do not fit.
 * @example
 * solve(tensor([[2, 0], [0, 4]]), tensor([2, 2])); // [1, 0.5]
 *
 * // Least squares by the normal equations: the line through points.
 * const X = tensor([[1, 0], [1, 1], [1, 2]]);
 * const y = tensor([1, 3, 5]);
 * solve(X.t().matmul(X), X.t().matmul(y)); // [1, 2]
 */
export function solve(A: Tensor, B: Tensor, { left = true }: SolveOptions = {}): Tensor {
  checkSquare(
    'solve',
    A,
    'A',
    'for least squares, solve the normal equations: solve(A.t().matmul(A), A.t().matmul(b))',
  );
  checkSameDType('solve', A, B);
  if (isVectorFor(A, B)) {
    if (!left) failOnVector(B);
    const x = solve(A, reshape(B, [...B.shape, 1]));
    return reshape(x, x.shape.slice(0, -1));
  }
  checkMatrices('solve', B, 'B');
  checkSizesMeet('solve', [A, 'A'], [B, 'B'], left ? 'rows' : 'columns');
  const [a, b] = broadcastBatches('solve', A, B);
  const x = left ? solveMatrices(a, b) : transposeMatrix(solveMatrices(transposeMatrix(a), transposeMatrix(b)));
  checkResult(x, () => failIfSingular('solve', A));
  return x;
}

/** PyTorch's rule: B is of vectors if it has one dim, or just those of A but for the last. */
function isVectorFor(A: Tensor, B: Tensor): boolean {
  return B.rank === 1 || sameShape(B.shape, A.shape.slice(0, -1));
}

function failOnVector(B: Tensor): never {
  return fail('solve: a vector stands on the left side', {
    got: `B of shape ${showShape(B.shape)}, left: false`,
    needs: 'matrices […, k, n] for X A = B',
    fix: 'make a row of the vector: B.unsqueeze(-2)',
  });
}
