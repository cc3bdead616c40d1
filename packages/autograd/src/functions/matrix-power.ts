import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { eye } from './creation.ts';
import { inv } from './linear-algebra/inverse.ts';
import { matmul } from './products.ts';

/**
 * The product of `n` equal square matrices, for each of a batch: by squaring, in some `2 log₂ n` products. Of the inverse,
 * where `n` is negative.
 *
 * @param x `[…, size, size]`
 * @throws GradtapeError if the matrices are not square, `n` is no whole number, or it is negative and a matrix is singular.
 * @example
 * matrixPower(tensor([[1, 1], [0, 1]]), 5); // [[1, 5], [0, 1]]
 */
export function matrixPower(x: Tensor, n: number): Tensor {
  const [rows, columns] = x.shape.slice(-2);
  if (x.rank < 2 || rows !== columns || !Number.isInteger(n)) {
    fail('matrixPower: not a power of a square matrix', {
      got: `power ${n} of shape ${showShape(x.shape)}`,
      needs: 'square matrices, and a whole number',
      fix: 'pow(x, n) raises each entry; eigh gives other powers of symmetric matrices',
    });
  }
  if (n < 0) return matrixPower(inv(x), -n);
  if (n === 0) return broadcastTo(eye(rows, rows, { dtype: x.dtype }), x.shape);
  if (n === 1) return x;
  const half = matrixPower(x, Math.floor(n / 2));
  const square = matmul<Tensor, Tensor>(half, half);
  return n % 2 === 0 ? square : matmul<Tensor, Tensor>(square, x);
}
