import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factorize, solveFactored } from './lu.ts';
import { distance, largest, scattered, squares, times, triangleOf } from './test-matrices.ts';

const EPSILON = 2 ** -52;

test('P A = L U, to rounding, with multipliers of at most 1', () => {
  fc.assert(
    fc.property(squares, ({ size, entries }) => {
      const factors = factorize(entries.slice(), size);
      const lower = triangleOf({ size, entries: factors.entries }, false, true);
      const upper = triangleOf({ size, entries: factors.entries }, true, false);
      const permuted = entries.map((_, at) => entries[factors.order[Math.floor(at / size)] * size + (at % size)]);
      expect(distance(times(lower, upper, size, size, size), permuted)).toBeLessThanOrEqual(
        4 * size * EPSILON * Math.max(1, largest(upper)),
      );
      expect(largest(lower)).toBeLessThanOrEqual(1);
      expect([...factors.order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      expect(factors.zeroPivot).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});

test('the residual of a solution is as small as rounding lets it be', () => {
  fc.assert(
    fc.property(squares, fc.integer({ min: 0, max: 3 }), fc.nat(), ({ size, entries }, columns, seed) => {
      const factors = factorize(entries.slice(), size);
      const b = scattered(size * columns, seed);
      const x = b.map((_, at) => b[factors.order[Math.floor(at / columns)] * columns + (at % columns)]);
      solveFactored(factors, x, columns);
      const residual = distance(times(entries, x, size, size, columns), b);
      expect(residual).toBeLessThanOrEqual(16 * size * EPSILON * Math.max(1, largest(x)));
    }),
    { numRuns: 60 },
  );
});

test('the sign is that of the permutation', () => {
  expect(factorize(Float64Array.of(0, 1, 1, 0), 2)).toMatchObject({ sign: -1 });
  expect(factorize(Float64Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0), 3)).toMatchObject({ sign: 1 });
});

test('says which pivot is the first that is zero, and goes on', () => {
  expect(factorize(Float64Array.of(1, 2, 2, 4), 2).zeroPivot).toBe(1);
  expect(factorize(new Float64Array(9), 3).zeroPivot).toBe(0);
  expect([...factorize(Float64Array.of(0, 1, 0, 2), 2).entries]).toEqual([0, 1, 0, 2]);
});
