import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kernel } from '../../kernels/kernel.ts';
import { sharesOf, sharesOfSegment } from './shares.ts';

function kernel(units: number, cost: number, grain?: number): Kernel {
  return { name: 'kernel', elementType: 'float32', units, cost, grain, write: () => () => {} };
}

test('shares follow one another from the first unit to the last, begin at grains, and are as large as each other', () => {
  const size = fc.integer({ min: 1, max: 500 });
  fc.assert(
    fc.property(size, size, size, fc.integer({ min: 1, max: 9 }), (units, cost, grain, threads) => {
      const shares = sharesOf(kernel(units, 1000 * cost, grain), threads);
      expect(shares.length).toBeLessThanOrEqual(threads);
      expect(shares[0][0]).toBe(0);
      expect(shares.at(-1)?.[1]).toBe(units);
      shares.forEach(([from, to], i) => {
        expect(from % grain).toBe(0);
        expect(from).toBeLessThan(to);
        if (i > 0) expect(from).toBe(shares[i - 1][1]);
      });
      const grains = shares.map(([from, to]) => Math.ceil((to - from) / grain));
      expect(Math.max(...grains) - Math.min(...grains)).toBeLessThanOrEqual(1);
    }),
  );
});

test('what takes less than 30 µs is not shared, and no share is less than half of that', () => {
  expect(sharesOf(kernel(100, 299), 4)).toEqual([[0, 100]]);
  expect(sharesOf(kernel(100, 301), 4)).toEqual([
    [0, 50],
    [50, 100],
  ]);
  expect(sharesOf(kernel(100, 1e6), 4).length).toBe(4);
  expect(sharesOf(kernel(1, 1e9), 4)).toEqual([[0, 1]]);
  expect(sharesOf(kernel(0, 1e9), 4)).toEqual([[0, 0]]);
});

test('a segment is shared if that is worth waking a thread', () => {
  const small = kernel(100, 200);
  const large = kernel(100, 600);
  const counts = (segment: Kernel[]): number[] => sharesOfSegment(segment, 2).map(({ length }) => length);
  expect(counts([])).toEqual([]);
  expect(counts([large, small, small, small])).toEqual([1, 1, 1, 1]);
  expect(counts([large, small, large])).toEqual([2, 1, 2]);
});
