import { swapRows } from './lu.ts';
import { solveTriangle } from './triangle.ts';

/**
 * The matrix of cofactors, `det(A) A⁻ᵀ` where A has an inverse, in the place of A. Elimination with complete pivoting
 * writes A as `P L D U Q` with triangles L and U that have ones on their diagonals; cofactors of a product are the product of
 * cofactors, so that nothing is divided by the determinant. Source: G. W. Stewart, "On the adjugate matrix", Linear
 * Algebra and its Applications 283 (1998) 151-164.
 */
export function cofactors(entries: Float64Array, size: number): void {
  const { order, columnOrder, sign } = eliminateCompletely(entries, size);
  const pivots = Float64Array.from({ length: size }, (_, i) => entries[i * size + i]);
  const others = productsOfOthers(pivots);
  // L⁻ᵀ c U⁻ᵀ, transposed: U⁻¹ (c L⁻¹).
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) result[i * size + i] = 1;
  const block = (matrix: Float64Array) => ({ entries: matrix, offset: 0, rowStride: size });
  solveTriangle(block(entries), block(result), [size, size], { upper: false, unit: true });
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) result[i * size + j] *= others[i] * sign;
  }
  divideRows(entries, size, pivots);
  solveTriangle(block(entries), block(result), [size, size], { upper: true, unit: true });
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) entries[order[j] * size + columnOrder[i]] = result[i * size + j];
  }
}

interface Orders {
  readonly order: Int32Array;
  readonly columnOrder: Int32Array;
  /** The determinant of both permutations. */
  readonly sign: number;
}

/** Each pivot is the largest entry of what is left, so that zeros come last, and what is beside them is zero as well. */
function eliminateCompletely(entries: Float64Array, size: number): Orders {
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const columnOrder = order.slice();
  let sign = 1;
  for (let k = 0; k < size; k++) {
    const [row, column] = largestFrom(entries, size, k);
    if (row !== k) {
      swapRows(entries, size, k, row);
      [order[k], order[row]] = [order[row], order[k]];
      sign = -sign;
    }
    if (column !== k) {
      swapColumns(entries, size, k, column);
      [columnOrder[k], columnOrder[column]] = [columnOrder[column], columnOrder[k]];
      sign = -sign;
    }
    const pivot = entries[k * size + k];
    if (pivot === 0) break;
    for (let i = k + 1; i < size; i++) {
      const factor = entries[i * size + k] / pivot;
      entries[i * size + k] = factor;
      for (let j = k + 1; j < size; j++) entries[i * size + j] -= factor * entries[k * size + j];
    }
  }
  return { order, columnOrder, sign };
}

function largestFrom(entries: Float64Array, size: number, k: number): readonly [row: number, column: number] {
  let [row, column, largest] = [k, k, 0];
  for (let i = k; i < size; i++) {
    for (let j = k; j < size; j++) {
      const entry = Math.abs(entries[i * size + j]);
      if (entry > largest) [row, column, largest] = [i, j, entry];
    }
  }
  return [row, column];
}

function swapColumns(entries: Float64Array, size: number, a: number, b: number): void {
  for (let row = 0; row < size * size; row += size) {
    [entries[row + a], entries[row + b]] = [entries[row + b], entries[row + a]];
  }
}

/** For each number the product of all others, without a division. */
function productsOfOthers(numbers: Float64Array): Float64Array {
  const products = new Float64Array(numbers.length).fill(1);
  for (let i = 1; i < numbers.length; i++) products[i] = products[i - 1] * numbers[i - 1];
  for (let i = numbers.length - 1, after = 1; i >= 0; i--) {
    products[i] *= after;
    after *= numbers[i];
  }
  return products;
}

/** Above the diagonal, rows divided by their pivots. Where that is zero, so is the row. */
function divideRows(entries: Float64Array, size: number, pivots: Float64Array): void {
  for (let i = 0; i < size; i++) {
    if (pivots[i] === 0) continue;
    for (let j = i + 1; j < size; j++) entries[i * size + j] /= pivots[i];
  }
}
