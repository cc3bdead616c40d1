import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeOfCofactors, cofactors } from './cofactors.ts';
import { distance, largest, scattered, times, transposed } from './test-matrices.ts';

/** By the definition: signed determinants of what is left without a row and a column. */
function byMinors(entries: Float64Array, size: number): Float64Array {
  return entries.map((_, at) => cofactor(entries, size, Math.floor(at / size), at % size));
}

function cofactor(entries: Float64Array, size: number, row: number, column: number): number {
  const minor = entries.filter((_, i) => Math.floor(i / size) !== row && i % size !== column);
  return (row + column) % 2 === 0 ? determinant(minor, size - 1) : -determinant(minor, size - 1);
}

function determinant(entries: Float64Array, size: number): number {
  if (size === 0) return 1;
  return entries.subarray(0, size).reduce((sum, entry, j) => sum + entry * cofactor(entries, size, 0, j), 0);
}

const sized = fc.integer({ min: 0, max: 5 }).chain((size) => fc.record({ size: fc.constant(size), seed: fc.nat() }));

/** Cofactors are polynomials: of degree at most 4, so that differences at four places give their derivative but for rounding. */
function byDifferences(entries: Float64Array, along: Float64Array, size: number): Float64Array {
  const at = (step: number) =>
    byMinors(
      entries.map((entry, i) => entry + step * along[i]),
      size,
    );
  const [above, below, farAbove, farBelow] = [at(0.5), at(-0.5), at(1), at(-1)];
  return above.map((x, i) => (8 * (x - below[i]) - (farAbove[i] - farBelow[i])) / 6);
}

function expectMinors(entries: Float64Array, size: number): void {
  const expected = byMinors(entries, size);
  expect(distance(cofactors(entries, size), expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, largest(expected)));
  const along = scattered(size * size, 7);
  const change = byDifferences(entries, along, size);
  expect(distance(changeOfCofactors(entries, along, size), change)).toBeLessThanOrEqual(1e-12);
}

test('are the signed minors, and change as these do', () => {
  fc.assert(fc.property(sized, ({ size, seed }) => expectMinors(scattered(size * size, seed), size)));
});

test('are so for matrices of any rank', () => {
  fc.assert(
    fc.property(sized, fc.nat(5), ({ size, seed }, rank) => {
      const inner = Math.min(rank, size);
      // Eighths, so that a product is exact, and its rank is what it should be.
      const eighths = (count: number, start: number) => scattered(count, start).map((x) => Math.round(8 * x) / 8);
      const product = times(eighths(size * inner, seed), eighths(inner * size, seed + 1), size, inner, size);
      expectMinors(product, size);
    }),
  );
});

test('turn with the matrix', () => {
  const a = scattered(36, 5);
  expect(distance(transposed(cofactors(a, 6), 6, 6), cofactors(transposed(a, 6, 6), 6))).toBeLessThan(1e-14);
});
