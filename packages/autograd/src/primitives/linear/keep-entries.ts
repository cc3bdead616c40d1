import { allocate } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { where } from './where.ts';

/** Which entries of a matrix, by row and column. */
export type EntryChoice = (row: number, column: number) => boolean;

/** Truth values for the entries of a matrix. */
export function matrixMask(rows: number, columns: number, chosen: EntryChoice): Tensor {
  const mask = allocate([rows, columns], 'bool');
  for (let row = 0, at = mask.offset; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) mask.storage[at] = Number(chosen(row, column));
  }
  return mask;
}

/** These entries of every matrix in a batch, the others 0. */
export function keepEntries(x: Tensor, chosen: EntryChoice): Tensor {
  const [rows, columns] = x.shape.slice(-2);
  return where(matrixMask(rows, columns, chosen), x, 0);
}
