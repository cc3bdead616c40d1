// What functions of matrices have in common: the checks of their operands.
import { promote } from '../../core/dtype.ts';
import { fail } from '../../core/errors.ts';
import { broadcastShapes, indexAt, type Shape, showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { batchOf, sizesOf } from '../../kernels/linear-algebra/matrices.ts';
import { broadcastTo } from '../../primitives/linear/sum.ts';
import { isTracing } from '../../tape/observer.ts';
import { checkFloating } from '../check-dtype.ts';

/** Throws unless a tensor is of matrices, `[…, rows, columns]`, of a floating dtype. */
export function checkMatrices(operation: string, x: Tensor, name = 'A'): void {
  if (x.rank < 2) {
    fail(`${operation}: ${name} is not a matrix`, {
      got: `${name} of shape ${showShape(x.shape)}`,
      needs: 'at least two dims: […, rows, columns]',
      fix: x.rank === 1 ? `make a column of the vector: ${name}.unsqueeze(-1)` : 'reshape it first',
    });
  }
  checkFloating(operation, x);
}

/** Throws unless a tensor is of square matrices, `[…, n, n]`, of a floating dtype. */
export function checkSquare(
  operation: string,
  x: Tensor,
  name = 'A',
  fix = 'check the shape: the last two dims are rows and columns, those before them a batch',
): void {
  checkMatrices(operation, x, name);
  const [rows, columns] = sizesOf(x);
  if (rows === columns) return;
  fail(`${operation}: ${name} is not square`, {
    got: `${name} of shape ${showShape(x.shape)}: ${rows} rows, ${columns} columns`,
    needs: 'as many rows as columns: […, n, n]',
    fix,
  });
}

/** Throws unless two operands have one dtype. */
export function checkSameDType(operation: string, a: Tensor, b: Tensor): void {
  if (a.dtype === b.dtype) return;
  fail(`${operation}: the dtypes differ`, {
    got: `${a.dtype} and ${b.dtype}`,
    needs: 'one dtype',
    fix: `convert one operand: x.to('${promote(a.dtype, 1, b.dtype, 1)}')`,
  });
}

/** Throws unless the rows of two operands that are multiplied or solved meet. */
export function checkSizesMeet(
  operation: string,
  [a, nameOfA]: readonly [Tensor, string],
  [b, nameOfB]: readonly [Tensor, string],
  side: 'rows' | 'columns' = 'rows',
): void {
  const size = sizesOf(a)[0];
  const other = sizesOf(b)[side === 'rows' ? 0 : 1];
  if (size === other) return;
  fail(`${operation}: the sizes do not meet`, {
    got: `${nameOfA} of shape ${showShape(a.shape)}, ${nameOfB} of shape ${showShape(b.shape)}`,
    needs: `as many ${side} in ${nameOfB} as ${nameOfA} has: ${size}`,
    fix: `check which dims belong together; transpose ${nameOfB} if it is the other way round`,
  });
}

/** Both with the leading dims that theirs broadcast to. */
export function broadcastBatches(operation: string, a: Tensor, b: Tensor): readonly [Tensor, Tensor] {
  const batch = broadcastShapes(`${operation}, leading dims`, [batchOf(a), batchOf(b)]);
  return [broadcastTo(a, [...batch, ...sizesOf(a)]), broadcastTo(b, [...batch, ...sizesOf(b)])];
}

/**
 * Looks for NaN in a result, which is how primitives tell that there is none, and then has the reason thrown if it lies in
 * the matrices. A compiled program does not look.
 */
export function checkResult(result: Tensor, failOnReason: () => void): void {
  if (!isTracing() && result.toTypedArray().some(Number.isNaN)) failOnReason();
}

/** `entry [1, 0] of the batch: `, or nothing where there is but one matrix. */
export function showEntry(batch: Shape, place: number): string {
  return batch.length === 0 ? '' : `entry ${showShape(indexAt(place, batch))} of the batch: `;
}
