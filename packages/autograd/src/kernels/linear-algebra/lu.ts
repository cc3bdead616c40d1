import { BLOCK, subtractProduct } from './subtract-product.ts';
import { solveTriangle } from './triangle.ts';

/** `P A = L U`: both triangles in one matrix, the ones on the diagonal of L left out. */
export interface Factors {
  readonly size: number;
  /** Row by row. */
  readonly entries: Float64Array;
  /** Row i of `P A` is row `order[i]` of A. */
  readonly order: Int32Array;
  /** The determinant of P: 1 or -1. */
  readonly sign: number;
  /** Which pivot is the first that is zero, if one is: then A is singular. */
  readonly zeroPivot: number | undefined;
}

/**
 * Gaussian elimination with partial pivoting, in the matrix that is given. Source: Golub and Van Loan, "Matrix
 * Computations", 4th edition, section 3.4, in blocks as in 3.2.10.
 */
export function factorize(entries: Float64Array, size: number): Factors {
  const order = Int32Array.from({ length: size }, (_, i) => i);
  let sign = 1;
  let zeroPivot: number | undefined;
  for (let start = 0; start < size; start += BLOCK) {
    const end = Math.min(start + BLOCK, size);
    for (let k = start; k < end; k++) {
      const row = largestBelow(entries, size, k);
      if (row !== k) {
        swapRows(entries, size, k, row);
        [order[k], order[row]] = [order[row], order[k]];
        sign = -sign;
      }
      if (entries[k * size + k] === 0) zeroPivot ??= k;
      else eliminate(entries, size, k, end);
    }
    updateRest(entries, size, start, end);
  }
  return { size, entries, order, sign, zeroPivot };
}

/** The row, from k on, with the largest entry in column k. */
function largestBelow(entries: Float64Array, size: number, k: number): number {
  let [best, largest] = [k, Math.abs(entries[k * size + k])];
  for (let i = k + 1; i < size; i++) {
    const entry = Math.abs(entries[i * size + k]);
    if (entry > largest) [best, largest] = [i, entry];
  }
  return best;
}

export function swapRows(entries: Float64Array, columns: number, a: number, b: number): void {
  for (let j = 0, p = a * columns, q = b * columns; j < columns; j++, p++, q++) {
    const entry = entries[p];
    entries[p] = entries[q];
    entries[q] = entry;
  }
}

/** Takes multiples of row k from the rows below it, in the columns before `end`. */
function eliminate(entries: Float64Array, size: number, k: number, end: number): void {
  const pivotRow = k * size;
  const pivot = entries[pivotRow + k];
  for (let i = k + 1; i < size; i++) {
    const row = i * size;
    const factor = entries[row + k] / pivot;
    entries[row + k] = factor;
    for (let j = k + 1; j < end; j++) entries[row + j] -= factor * entries[pivotRow + j];
  }
}

/** What elimination in the columns from `start` to `end` does to those behind. */
function updateRest(entries: Float64Array, size: number, start: number, end: number): void {
  const rest = size - end;
  if (rest === 0) return;
  const block = (row: number, column: number) => ({ entries, offset: row * size + column, rowStride: size });
  const beside = block(start, end);
  solveTriangle(block(start, start), beside, [end - start, rest], { upper: false, unit: true });
  subtractProduct(block(end, end), block(end, start), beside, [rest, end - start, rest]);
}

/** Solves `A X = B` for `[size, columns]`, where `b` holds the rows of B in the factors' order, and becomes X. */
export function solveFactored({ entries, size }: Factors, b: Float64Array, columns: number): void {
  const matrix = { entries, offset: 0, rowStride: size };
  const right = { entries: b, offset: 0, rowStride: columns };
  solveTriangle(matrix, right, [size, columns], { upper: false, unit: true });
  solveTriangle(matrix, right, [size, columns], { upper: true, unit: false });
}
