import { fail } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import { describeRange } from '../../core/value-range.ts';
import { batchOf } from '../../kernels/linear-algebra/matrices.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { eigenOf } from '../../primitives/piecewise/eigh.ts';
import { checkResult, checkSquare } from './operands.ts';
import { symmetricFrom } from './symmetric.ts';

export interface EighOptions {
  /** Which triangle of A is read: the lower or the upper one. Default: 'L'. */
  readonly uplo?: 'L' | 'U';
}

/** `A = V diag(λ) Vᵀ`. */
export interface Eigen {
  /** λ, `[…, n]`, in rising order. */
  readonly eigenvalues: Tensor;
  /** V, `[…, n, n]`: eigenvectors of length 1 in its columns, in the order of the eigenvalues. */
  readonly eigenvectors: Tensor;
}

/**
 * The eigenvalues and eigenvectors of every symmetric matrix, of which only one triangle is read. float32 is computed in
 * float64 and rounded once.
 *
 * The gradient is symmetric, as if `½ (A + Aᵀ)` had been read. An eigenvector is one up to its sign, so a loss must not
 * depend on signs. Where eigenvalues are equal, gradients through eigenvectors are infinite or NaN, those through eigenvalues
 * are not.
 *
 * @param A `[…, n, n]`.
 * @throws GradtapeError if a matrix is not square, or an entry is not finite (compiled, all is then NaN).
 * @example
 * eigh(tensor([[2, 1], [1, 2]])).eigenvalues; // [1, 3]
 */
export function eigh(A: Tensor, options: EighOptions = {}): Eigen {
  return decompose('eigh', A, options);
}

/**
 * The eigenvalues of every symmetric matrix, in rising order: those of {@link eigh}.
 *
 * @param A `[…, n, n]`, of which only one triangle is read.
 * @returns `[…, n]`.
 * @throws GradtapeError if a matrix is not square, or an entry is not finite (compiled, all is then NaN).
 * @example
 * eigvalsh(tensor([[2, 1], [1, 2]])); // [1, 3]
 */
export function eigvalsh(A: Tensor, options: EighOptions = {}): Tensor {
  return decompose('eigvalsh', A, options).eigenvalues;
}

function decompose(operation: string, A: Tensor, { uplo = 'L' }: EighOptions): Eigen {
  checkSquare(operation, A);
  if (uplo !== 'L' && uplo !== 'U') {
    fail(`${operation}: which triangle of A?`, {
      got: `uplo: ${uplo}`,
      needs: "'L' for the lower triangle, 'U' for the upper one",
      fix: 'leave it out for the lower one; in a symmetric matrix both are the same',
    });
  }
  const symmetric = symmetricFrom(uplo === 'L' ? 'lower' : 'upper', A);
  const { eigenvalues, eigenvectors } = eigenOf(symmetric);
  checkResult(eigenvalues, () => failOnEntries(operation, A));
  return { eigenvalues: reshape(eigenvalues, [...batchOf(A), A.shape[A.rank - 1]]), eigenvectors };
}

function failOnEntries(operation: string, A: Tensor): never {
  return fail(`${operation}: an entry is not finite`, {
    got: `entries ${describeRange(A)}`,
    needs: 'finite numbers',
    fix: 'look at what made the matrix; detectAnomaly names the operation that first gives NaN in a gradient',
  });
}
