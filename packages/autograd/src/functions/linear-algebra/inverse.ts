import type { Tensor } from '../../core/tensor.ts';
import { invert } from '../../primitives/smooth/linear-algebra/inverse.ts';
import { checkResult, checkSquare } from './operands.ts';
import { failIfSingular } from './singular.ts';

/**
 * The inverse of every matrix. To multiply something by it, `solve` is more exact and faster.
 *
 * @param A Square matrices, `[…, n, n]`.
 * @throws GradtapeError if they are not square, or one is singular (compiled, its inverse is then NaN).
 * @example
 * inv(tensor([[2, 0], [0, 4]])); // [[0.5, 0], [0, 0.25]]
 */
export function inv(A: Tensor): Tensor {
  checkSquare('inv', A);
  const inverse = invert(A);
  checkResult(inverse, () => failIfSingular('inv', A));
  return inverse;
}
