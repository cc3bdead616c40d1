import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runOnBlocks } from '../../test-block.ts';
import { factorizePositive } from '../cholesky.ts';
import { factorize } from '../lu.ts';
import { distance, largest, type Square, scattered, squares, times, transposed, triangleOf } from '../test-matrices.ts';
import { writeCholesky } from './cholesky.ts';
import { writeOfPivots } from './determinant.ts';
import { writeInverse, writeSolution } from './solution.ts';
import { writeTriangularSolution } from './substitution.ts';

// Loops for programs, held to the definition of what they compute, and to eager code where something is singular.

const runs = { numRuns: 16 };
const columns = fc.integer({ min: 0, max: 9 });
const kinds = [1, 4].map((lanes) => ['float64', lanes] as const);

/** Far from singular. */
const dominant: fc.Arbitrary<Square> = squares.map(({ size, entries }) => ({
  size,
  entries: entries.map((entry, at) => entry + (at % (size + 1) === 0 ? size + 1 : 0)),
}));

function block({ size, entries }: Square): { sizes: number[]; entries: Float64Array } {
  return { sizes: [size, size], entries };
}

function expectClose(a: Float64Array, b: Float64Array, size: number): void {
  expect(distance(a, b)).toBeLessThanOrEqual(1e-14 * (1 + size) * (1 + largest(b)));
}

describe.each(kinds)('%s in %i lanes', (...kind) => {
  test('A X = B', () => {
    fc.assert(
      fc.property(squares, columns, (a, columns) => {
        const { size } = a;
        const b = scattered(size * columns, 1);
        const right = { sizes: [size, columns], entries: b };
        const x = runOnBlocks(writeSolution, [block(a), right], right.sizes, size * (size + columns), kind);
        expectClose(times(a.entries, x, size, size, columns), b, size * (1 + largest(x)));
      }),
      runs,
    );
  });

  test('A A⁻¹ = 1', () => {
    fc.assert(
      fc.property(dominant, (a) => {
        const { size } = a;
        const inverse = runOnBlocks(writeInverse, [block(a)], [size, size], 2 * size * size, kind);
        const one = Float64Array.from(inverse, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
        expectClose(times(a.entries, inverse, size, size, size), one, size);
      }),
      runs,
    );
  });

  test('A X = B of triangles', () => {
    fc.assert(
      fc.property(dominant, columns, fc.boolean(), fc.boolean(), (a, columns, upper, unit) => {
        const { size } = a;
        const scaled = { size, entries: a.entries.map((entry) => entry / (size + 1)) };
        const right = { sizes: [size, columns], entries: scattered(size * columns, 2) };
        const write: typeof writeSolution = (w, work) => writeTriangularSolution(w, work, { upper, unit });
        const x = runOnBlocks(write, [block(scaled), right], right.sizes, size * columns, kind);
        const product = times(triangleOf(scaled, upper, unit), x, size, size, columns);
        expectClose(product, right.entries, size * (1 + largest(x)));
      }),
      runs,
    );
  });

  test('A = L Lᵀ, of the symmetric part of A', () => {
    fc.assert(
      fc.property(dominant, (a) => {
        const { size, entries } = a;
        const l = runOnBlocks(writeCholesky, [block(a)], [size, size], size * size, kind);
        const symmetric = transposed(entries, size, size).map((entry, at) => (entry + entries[at]) / 2);
        expectClose(times(l, transposed(l, size, size), size, size, size), symmetric, size);
        expect(l.every((entry, at) => at % size <= Math.floor(at / size) || entry === 0)).toBe(true);
      }),
      runs,
    );
  });

  test('the product of the pivots is the determinant', () => {
    fc.assert(
      fc.property(squares, (a) => {
        const { size, entries } = a;
        const write: typeof writeSolution = (w, work) =>
          writeOfPivots(w, work, { initial: 'sign', combine: (m, x, y) => m.mul(x, y) });
        const [determinant] = runOnBlocks(write, [block(a)], [], size * size, kind);
        const { entries: factors, sign } = factorize(entries.slice(), size);
        const expected = factors.reduce((product, x, at) => (at % (size + 1) === 0 ? product * x : product), sign);
        expect(Math.abs(determinant - expected)).toBeLessThanOrEqual(1e-10 * Math.abs(expected));
      }),
      runs,
    );
  });

  test('what is singular, or not positive, gives NaN throughout', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), fc.constantFrom(0, -1), (size, at, pivot) => {
        const row = at % size;
        const entries = Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
        entries[row * (size + 1)] = pivot;
        const a = block({ size, entries });
        const isNone = (x: Float64Array): boolean => x.every(Number.isNaN);
        expect(factorizePositive(entries.slice(), size)).toBe(row + 1);
        expect(isNone(runOnBlocks(writeCholesky, [a], a.sizes, size * size, kind))).toBe(true);
        expect(isNone(runOnBlocks(writeInverse, [a], a.sizes, 2 * size * size, kind))).toBe(pivot === 0);
        expect(isNone(runOnBlocks(writeSolution, [a, a], a.sizes, 2 * size * size, kind))).toBe(pivot === 0);
      }),
      runs,
    );
  });
});
