import { fail } from '../../core/errors.ts';
import { showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { factorizePositive } from '../../kernels/linear-algebra/cholesky.ts';
import { batchOf, readMatrix, sizesOf, visitMatrices } from '../../kernels/linear-algebra/matrices.ts';
import { transposeMatrix } from '../../primitives/linear/permute.ts';
import { broadcastTo } from '../../primitives/linear/sum.ts';
import { choleskyFactor } from '../../primitives/smooth/linear-algebra/cholesky.ts';
import { solveTriangles } from '../../primitives/smooth/linear-algebra/triangular-solve.ts';
import { eye } from '../creation.ts';
import {
  broadcastBatches,
  checkMatrices,
  checkResult,
  checkSameDType,
  checkSizesMeet,
  checkSquare,
  showEntry,
} from './operands.ts';
import { symmetricFrom } from './symmetric.ts';

export interface CholeskyOptions {
  /** Whether the factor is the upper triangle U with `A = Uᵀ U` rather than the lower one. Default: false. */
  readonly upper?: boolean;
}

/**
 * The Cholesky factor of every symmetric positive definite matrix: the lower triangle L with `A = L Lᵀ`. Of A only that
 * triangle is read. The gradient is symmetric, as if `½ (A + Aᵀ)` had been read: `checkGradients` agrees where its function
 * makes the matrix symmetric, such as `(X) => cholesky(X.matmul(X.t()))`.
 *
 * @param A `[…, n, n]`.
 * @throws GradtapeError if a matrix is not square or not positive definite (compiled, its factor is then NaN).
 * @example
 * cholesky(tensor([[4, 2], [2, 5]])); // [[2, 0], [1, 2]]
 */
export function cholesky(A: Tensor, { upper = false }: CholeskyOptions = {}): Tensor {
  checkSquare('cholesky', A);
  const symmetric = symmetricFrom(upper ? 'upper' : 'lower', A);
  const factor = choleskyFactor(symmetric);
  checkResult(factor, () => failIfNotPositive(symmetric));
  return upper ? transposeMatrix(factor) : factor;
}

function failIfNotPositive(a: Tensor): void {
  const [size] = sizesOf(a);
  const batch = batchOf(a);
  let place = 0;
  visitMatrices(batch, [a], ([at]) => {
    const minor = factorizePositive(readMatrix(a, at, new Float64Array(size * size)), size);
    if (minor !== undefined) {
      fail('cholesky: the matrix is not positive definite', {
        got: `A of shape ${showShape(a.shape)}; ${showEntry(batch, place)}its leading minor of order ${minor} is not positive`,
        needs: 'a symmetric matrix whose eigenvalues are all positive',
        fix: 'add a small multiple of the identity: A.add(eye(n).mul(1e-6)); eigvalsh(A) shows how far it is from it',
      });
    }
    place++;
  });
}

/**
 * X with `A X = B`, from the Cholesky factor of A.
 *
 * @param B `[…, n, k]`.
 * @param L The factor, `[…, n, n]`, of which only its triangle is read; leading dims broadcast.
 * @throws GradtapeError if L is not square, or the shapes or dtypes do not fit.
 * @example
 * choleskySolve(tensor([[8], [9]]), cholesky(tensor([[4, 2], [2, 5]]))); // [[1.375], [1.25]]
 */
export function choleskySolve(B: Tensor, L: Tensor, { upper = false }: CholeskyOptions = {}): Tensor {
  checkMatrices('choleskySolve', B, 'B');
  checkSquare('choleskySolve', L, 'L');
  checkSameDType('choleskySolve', B, L);
  checkSizesMeet('choleskySolve', [L, 'L'], [B, 'B']);
  const [factor, right] = broadcastBatches('choleskySolve', upper ? transposeMatrix(L) : L, B);
  const half = solveTriangles(factor, right, { upper: false, unitriangular: false });
  return solveTriangles(transposeMatrix(factor), half, { upper: true, unitriangular: false });
}

/**
 * The inverse of every matrix, from its Cholesky factor.
 *
 * @param L `[…, n, n]`, of which only its triangle is read.
 * @throws GradtapeError if L is not square.
 * @example
 * choleskyInverse(cholesky(tensor([[2, 0], [0, 4]]))); // [[0.5, 0], [0, 0.25]]
 */
export function choleskyInverse(L: Tensor, options: CholeskyOptions = {}): Tensor {
  checkSquare('choleskyInverse', L, 'L');
  const [size] = sizesOf(L);
  return choleskySolve(broadcastTo(eye(size, size, { dtype: L.dtype }), L.shape), L, options);
}
