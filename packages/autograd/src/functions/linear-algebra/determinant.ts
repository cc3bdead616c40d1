import type { Tensor } from '../../core/tensor.ts';
import { where } from '../../primitives/linear/where.ts';
import { lt } from '../../primitives/piecewise/comparison.ts';
import { signOfDeterminantOf } from '../../primitives/piecewise/sign-of-determinant.ts';
import { determinantOf, logAbsDeterminantOf } from '../../primitives/smooth/linear-algebra/determinant.ts';
import { checkSquare } from './operands.ts';

/**
 * The determinant of every matrix; 1 of a matrix without entries. Its derivative is the matrix of cofactors; that and the
 * second one are right at singular matrices as well, where those beyond are NaN.
 *
 * @param A Square matrices, `[…, n, n]`.
 * @returns Shape `[…]`.
 * @throws GradtapeError if they are not square.
 * @example
 * det(tensor([[1, 2], [3, 4]])); // -2
 */
export function det(A: Tensor): Tensor {
  checkSquare('det', A);
  return determinantOf(A);
}

/** A determinant is `sign · exp(logabsdet)`. */
export interface SignAndLogarithm {
  /** 1, -1 or, of a singular matrix, 0; no gradient. */
  readonly sign: Tensor;
  /** The logarithm of the determinant's size; -Infinity of a singular matrix. */
  readonly logabsdet: Tensor;
}

/**
 * The sign and the logarithm of the size of every determinant, where {@link det} would overflow or vanish. The derivative
 * of the logarithm is `A⁻ᵀ`: NaN at singular matrices.
 *
 * @param A Square matrices, `[…, n, n]`.
 * @returns Both of shape `[…]`.
 * @throws GradtapeError if they are not square.
 * @example
 * slogdet(tensor([[1, 2], [3, 4]])).sign; // -1
 */
export function slogdet(A: Tensor): SignAndLogarithm {
  checkSquare('slogdet', A);
  return { sign: signOfDeterminantOf(A), logabsdet: logAbsDeterminantOf(A) };
}

/**
 * The logarithm of every determinant: -Infinity where it is zero, NaN where it is negative.
 *
 * @param A Square matrices, `[…, n, n]`.
 * @returns Shape `[…]`.
 * @throws GradtapeError if they are not square.
 * @example
 * logdet(tensor([[Math.E, 0], [0, 1]])); // 1
 */
export function logdet(A: Tensor): Tensor {
  checkSquare('logdet', A);
  return where(lt(signOfDeterminantOf(A), 0), Number.NaN, logAbsDeterminantOf(A));
}
