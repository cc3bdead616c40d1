import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factorizePositive } from './cholesky.ts';
import { distance, squares, times, transposed } from './test-matrices.ts';

test('A = L Lᵀ to rounding, L a lower triangle, whatever is above the diagonal of A', () => {
  fc.assert(
    fc.property(squares, ({ size, entries }) => {
      const a = times(entries, transposed(entries, size, size), size, size, size);
      for (let i = 0; i < size; i++) a[i * size + i] += 1;
      const l = a.map((entry, at) => (at % size > Math.floor(at / size) ? Number.NaN : entry));
      expect(factorizePositive(l, size)).toBeUndefined();
      expect(distance(times(l, transposed(l, size, size), size, size, size), a)).toBeLessThanOrEqual(
        1e-15 * (1 + size) ** 2,
      );
      expect(l.every((entry, at) => at % size <= Math.floor(at / size) || entry === 0)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('says which leading minor is the first that is not positive', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(), (size, at) => {
      const order = 1 + (at % size);
      const a = Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
      a[(order - 1) * (size + 1)] = -1;
      expect(factorizePositive(a, size)).toBe(order);
    }),
  );
  expect(factorizePositive(Float64Array.of(1, 2, 2, 4), 2)).toBe(2);
  expect(factorizePositive(Float64Array.of(Number.NaN), 1)).toBe(1);
});
