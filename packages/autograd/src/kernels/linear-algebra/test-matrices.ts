// What the tests of factorizations draw and compare.
import fc from 'fast-check';

export interface Square {
  readonly size: number;
  readonly entries: Float64Array;
}

/** Square matrices with entries from -1 to 1; some are larger than a block. */
export const squares: fc.Arbitrary<Square> = fc
  .tuple(fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 8 }) }, fc.integer({ min: 30, max: 70 })), fc.nat())
  .map(([size, seed]) => ({ size, entries: scattered(size * size, seed) }));

/** Numbers from -1 to 1, by a congruential generator: a property of large matrices need not shrink entry by entry. */
export function scattered(count: number, seed: number): Float64Array {
  let state = (seed * 2654435761 + 1) % 2 ** 32;
  return Float64Array.from({ length: count }, () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 31 - 1;
  });
}

/** The matrix product, of `[rows, inner]` and `[inner, columns]`. */
export function times(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number): Float64Array {
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      for (let j = 0; j < columns; j++) product[i * columns + j] += a[i * inner + k] * b[k * columns + j];
    }
  }
  return product;
}

export function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  return a.map((_, at) => a[(at % rows) * columns + Math.floor(at / rows)]);
}

/** The largest difference of two matrices. */
export function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, entry, i) => Math.max(largest, Math.abs(entry - b[i])), 0);
}

export function largest(a: Float64Array): number {
  return a.reduce((size, entry) => Math.max(size, Math.abs(entry)), 0);
}

/** The triangle of a matrix, its diagonal replaced by ones if it is `unit`. */
export function triangleOf({ size, entries }: Square, upper: boolean, unit: boolean): Float64Array {
  return entries.map((entry, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    if (row === column) return unit ? 1 : entry;
    return row < column === upper ? entry : 0;
  });
}
