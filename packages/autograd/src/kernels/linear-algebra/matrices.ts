// Factorizations compute in float64, in matrices of their own that lie row by row: their rounding then adds nothing to
// that of a float32 result, and they may be overwritten.
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { loopNest, visitOuter } from '../iteration.ts';

/** Visits the matrices of a batch, with the places where that of each operand begins. */
export function visitMatrices(
  batch: Shape,
  operands: readonly Tensor[],
  visit: (places: readonly number[]) => void,
): void {
  const strides = operands.map((x) => x.strides.slice(0, -2));
  const nest = loopNest(batch, strides);
  visitOuter(
    nest,
    nest.sizes.length,
    operands.map((x) => x.offset),
    visit,
  );
}

/** The sizes of the leading dims, before rows and columns. */
export function batchOf(x: Tensor): Shape {
  return x.shape.slice(0, -2);
}

/** Rows and columns. */
export function sizesOf(x: Tensor): readonly [rows: number, columns: number] {
  return x.shape.slice(-2) as [number, number];
}

/** The matrix of a tensor that begins at a place, copied row by row; its rows in another order, if one is given. */
export function readMatrix(x: Tensor, place: number, into: Float64Array, order?: Int32Array): Float64Array {
  const [rows, columns] = sizesOf(x);
  const [down, right] = x.strides.slice(-2);
  const { storage } = x;
  for (let i = 0, at = 0; i < rows; i++) {
    let from = place + (order === undefined ? i : order[i]) * down;
    for (let j = 0; j < columns; j++, at++, from += right) into[at] = storage[from];
  }
  return into;
}

/** Whether a matrix is of numbers that are finite. */
export function hasOnlyFinite(matrix: Float64Array): boolean {
  // An infinity or NaN times zero is NaN, and stays that.
  let sum = 0;
  for (let i = 0; i < matrix.length; i++) sum += matrix[i] * 0;
  return sum === 0;
}
