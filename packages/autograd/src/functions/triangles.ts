import { allocate } from '../core/allocate.ts';
import type { DType } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { checkShape, indexAt, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { type EntryChoice, keepEntries, matrixMask } from '../primitives/linear/keep-entries.ts';
import { logicalAnd } from '../primitives/piecewise/comparison.ts';
import { checkOffset } from './diagonals.ts';

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

function keep(operation: string, x: Tensor, kept: EntryChoice): Tensor {
  if (x.rank < 2) {
    fail(`${operation}: not a matrix`, {
      got: `shape ${showShape(x.shape)}`,
      needs: 'at least two dims: rows and columns',
      fix: 'reshape or unsqueeze the tensor first',
    });
  }
  const [rows, columns] = x.shape.slice(-2);
  return x.dtype === 'bool' ? logicalAnd(x, matrixMask(rows, columns, kept)) : keepEntries(x, kept);
}

export interface TriangleIndexOptions {
  /** The diagonal up to which, or from which, entries belong to the triangle: 0 the main one, above it positive. Default: 0. */
  readonly offset?: number;
  /** Default: int32. */
  readonly dtype?: DType;
}

/**
 * The indices of the entries of the lower triangle of a matrix, row by row: `[2, entries]`, the rows and the columns.
 *
 * @throws GradtapeError if a size is no whole number from 0, or the offset none.
 * @example
 * trilIndices(2, 2); // [[0, 1, 1], [0, 0, 1]]
 */
export function trilIndices(rows: number, columns: number, options: TriangleIndexOptions = {}): Tensor {
  return indicesWhere('trilIndices', rows, columns, options, (row, column, offset) => column - row <= offset);
}

/**
 * The indices of the entries of the upper triangle of a matrix, row by row: `[2, entries]`, the rows and the columns.
 *
 * @throws GradtapeError if a size is no whole number from 0, or the offset none.
 * @example
 * triuIndices(2, 2, { offset: 1 }); // [[0], [1]]
 */
export function triuIndices(rows: number, columns: number, options: TriangleIndexOptions = {}): Tensor {
  return indicesWhere('triuIndices', rows, columns, options, (row, column, offset) => column - row >= offset);
}

function indicesWhere(
  operation: string,
  rows: number,
  columns: number,
  { offset = 0, dtype = 'int32' }: TriangleIndexOptions,
  belongs: (row: number, column: number, offset: number) => boolean,
): Tensor {
  checkShape(operation, [rows, columns]);
  checkOffset(operation, offset);
  const places = Array.from({ length: rows * columns }, (_, place) => indexAt(place, [rows, columns]));
  const inside = places.filter(([row, column]) => belongs(row, column, offset));
  const made = allocate([2, inside.length], dtype);
  inside.forEach(([row, column], i) => {
    made.storage[made.offset + i] = row;
    made.storage[made.offset + inside.length + i] = column;
  });
  return made;
}
