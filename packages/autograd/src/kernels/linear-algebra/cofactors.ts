import { swapRows } from './lu.ts';
import { solveTriangle } from './triangle.ts';

/**
 * The matrix of cofactors, `det(A) A⁻ᵀ` where A has an inverse. Elimination with complete pivoting writes A as
 * `Pᵀ L D U Qᵀ` with triangles L and U that have ones on their diagonals; cofactors of a product are the product of
 * cofactors, and those of D are products of its other entries, so that nothing is divided by the determinant. Source: G. W.
 * Stewart, "On the adjugate matrix", Linear Algebra and its Applications 283 (1998) 151-164.
 */
export function cofactors(a: Float64Array, size: number): Float64Array {
  const factors = eliminateCompletely(a.slice(), size);
  const ofDiagonal = new Float64Array(size * size);
  for (const [i, product] of productsOfOthers(factors.pivots).entries()) ofDiagonal[i * (size + 1)] = product;
  return cofactorsFrom(factors, ofDiagonal);
}

/**
 * The derivative of the cofactors where A changes by H. Those of D change by `Dᵢᵢ′ = Σ pᵢⱼ Kⱼⱼ` and `Dᵢⱼ′ = -pᵢⱼ Kⱼᵢ`, if
 * D changes by `K = L⁻¹ P H Q U⁻¹`, where `pᵢⱼ` is the product of the entries of D but two.
 */
export function changeOfCofactors(a: Float64Array, h: Float64Array, size: number): Float64Array {
  const factors = eliminateCompletely(a.slice(), size);
  const change = changeOfDiagonal(factors, h);
  const products = productsOfOtherPairs(factors.pivots);
  const changes = new Float64Array(size * size);
  for (let i = 0, at = 0; i < size; i++) {
    for (let j = 0; j < size; j++, at++) {
      if (i === j) continue;
      changes[at] = -products[at] * change[j * size + i];
      changes[i * size + i] += products[at] * change[j * size + j];
    }
  }
  return cofactorsFrom(factors, changes);
}

/** `A = Pᵀ L D U Qᵀ`. */
interface CompleteFactors {
  readonly size: number;
  /** L and U, without their diagonals of ones. */
  readonly triangles: Float64Array;
  /** D. Zeros come last, and beside them L and U are zero. */
  readonly pivots: Float64Array;
  /** Row i of `P A Q` is row `order[i]` of A, column j is column `columnOrder[j]`. */
  readonly order: Int32Array;
  readonly columnOrder: Int32Array;
  /** The determinant of both permutations. */
  readonly sign: number;
}

/** Each pivot is the largest entry of what is left. */
function eliminateCompletely(entries: Float64Array, size: number): CompleteFactors {
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const columnOrder = order.slice();
  const pivots = new Float64Array(size);
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
    pivots[k] = entries[k * size + k];
    // Then all that is left is zero.
    if (pivots[k] === 0) break;
    eliminateBoth(entries, size, k);
  }
  return { size, triangles: entries, pivots, order, columnOrder, sign };
}

/** Makes row k of U and column k of L, and takes their product from what is left. */
function eliminateBoth(entries: Float64Array, size: number, k: number): void {
  const pivotRow = k * size;
  const pivot = entries[pivotRow + k];
  for (let j = k + 1; j < size; j++) entries[pivotRow + j] /= pivot;
  for (let i = k + 1; i < size; i++) {
    const row = i * size;
    const entry = entries[row + k];
    for (let j = k + 1; j < size; j++) entries[row + j] -= entry * entries[pivotRow + j];
    entries[row + k] = entry / pivot;
  }
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

/** For each two numbers the product of all others; anything for a number with itself. */
function productsOfOtherPairs(numbers: Float64Array): Float64Array {
  const size = numbers.length;
  const products = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const others = numbers.slice();
    others[i] = 1;
    products.set(productsOfOthers(others), i * size);
  }
  return products;
}

/** `L⁻¹ P H Q U⁻¹`. */
function changeOfDiagonal({ size, triangles, order, columnOrder }: CompleteFactors, h: Float64Array): Float64Array {
  const permuted = h.map((_, at) => h[order[Math.floor(at / size)] * size + columnOrder[at % size]]);
  const whole = { offset: 0, rowStride: size };
  const lower = { entries: triangles, ...whole };
  solveTriangle(lower, { entries: permuted, ...whole }, [size, size], { upper: false, unit: true });
  const turned = transposed(permuted, size);
  const upperTurned = { entries: triangles, offset: 0, rowStride: 1, columnStride: size };
  solveTriangle(upperTurned, { entries: turned, ...whole }, [size, size], { upper: false, unit: true });
  return transposed(turned, size);
}

/** From the cofactors of D those of A: `±Pᵀ L⁻ᵀ C U⁻ᵀ Qᵀ`. */
function cofactorsFrom({ size, triangles, order, columnOrder, sign }: CompleteFactors, c: Float64Array): Float64Array {
  const whole = { offset: 0, rowStride: size };
  const lowerTurned = { entries: triangles, offset: 0, rowStride: 1, columnStride: size };
  solveTriangle(lowerTurned, { entries: c, ...whole }, [size, size], { upper: true, unit: true });
  const turned = transposed(c, size);
  const upper = { entries: triangles, ...whole };
  solveTriangle(upper, { entries: turned, ...whole }, [size, size], { upper: true, unit: true });
  const result = new Float64Array(size * size);
  for (let j = 0, at = 0; j < size; j++) {
    for (let i = 0; i < size; i++, at++) result[order[i] * size + columnOrder[j]] = sign * turned[at];
  }
  return result;
}

function transposed(entries: Float64Array, size: number): Float64Array {
  const turned = new Float64Array(size * size);
  for (let i = 0, at = 0; i < size; i++) {
    for (let j = 0; j < size; j++, at++) turned[j * size + i] = entries[at];
  }
  return turned;
}
