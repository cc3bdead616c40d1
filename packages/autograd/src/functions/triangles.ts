import { allocate } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { where } from '../primitives/linear/where.ts';
import { logicalAnd } from '../primitives/piecewise/comparison.ts';

/**
 * The lower triangle of a matrix, or of every matrix in a batch: entries with `column - row ≤ diagonal`, the others 0.
 *
 * @param x Shape `[…, rows, columns]`.
 * @param diagonal 0 for the main diagonal, above it positive. Default: 0.
 * @throws GradtapeError if `x` has fewer than two dims.
 */
export function tril<T extends Tensor>(x: T, diagonal = 0): Tensor<ShapeOf<T>> {
  return keep('tril', x, (row, column) => column - row <= diagonal) as Tensor<ShapeOf<T>>;
}

/**
 * The upper triangle of a matrix, or of every matrix in a batch: entries with `column - row ≥ diagonal`, the others 0.
 *
 * @param x Shape `[…, rows, columns]`.
 * @param diagonal 0 for the main diagonal, above it positive. Default: 0.
 * @throws GradtapeError if `x` has fewer than two dims.
 */
export function triu<T extends Tensor>(x: T, diagonal = 0): Tensor<ShapeOf<T>> {
  return keep('triu', x, (row, column) => column - row >= diagonal) as Tensor<ShapeOf<T>>;
}

function keep(operation: string, x: Tensor, kept: (row: number, column: number) => boolean): Tensor {
  if (x.rank < 2) {
    fail(`${operation}: not a matrix`, {
      got: `shape ${showShape(x.shape)}`,
      needs: 'at least two dims: rows and columns',
      fix: 'reshape or unsqueeze the tensor first',
    });
  }
  const [rows, columns] = x.shape.slice(-2);
  const mask = allocate([rows, columns], 'bool');
  for (let row = 0, at = mask.offset; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) mask.storage[at] = Number(kept(row, column));
  }
  return x.dtype === 'bool' ? logicalAnd(x, mask) : where(mask, x, 0);
}
