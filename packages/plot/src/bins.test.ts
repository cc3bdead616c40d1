import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binEdge, countInBins, roundBins } from './bins.ts';

const range = fc
  .tuple(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: 1e-6, max: 1e9, noNaN: true }))
  .map(([low, length]): [number, number] => [low, low + length]);
const wanted = fc.integer({ min: 1, max: 100 });

test('bins cover the range, are about as many as wanted, and have a round width', () => {
  fc.assert(
    fc.property(range, wanted, ([low, high], count) => {
      const bins = roundBins([low, high], count);
      const rounding = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
      expect(binEdge(bins, 0)).toBeLessThanOrEqual(low + rounding);
      expect(binEdge(bins, bins.count)).toBeGreaterThanOrEqual(high - rounding);
      expect(bins.count).toBeLessThanOrEqual(1.6 * count + 2);
      expect(bins.count).toBeGreaterThanOrEqual(count / 1.6 - 1);
      expect(bins.width.toExponential()).toMatch(/^[125]e/);
    }),
  );
});

test('every finite value is counted once, in the bin that holds it', () => {
  const value = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY));
  fc.assert(
    fc.property(fc.array(value), wanted, (values, count) => {
      const bins = roundBins([-50, 50], count);
      const expected = new Array<number>(bins.count).fill(0);
      for (const v of values) {
        if (!Number.isFinite(v)) continue;
        const bin = expected.findIndex((_, i) => v >= binEdge(bins, i) && v < binEdge(bins, i + 1));
        expected[bin < 0 ? bins.count - 1 : bin] = (expected[bin < 0 ? bins.count - 1 : bin] as number) + 1;
      }
      expect(countInBins(values, bins)).toEqual(expected);
    }),
  );
});

test('a bin holds its lower end, the last one both', () => {
  const bins = roundBins([0, 3], 3);
  expect(bins).toEqual({ first: 0, width: 1, count: 3 });
  expect(countInBins([0, 1, 1.5, 2, 3], bins)).toEqual([1, 2, 2]);
});

test('the narrowest range there is', () => {
  const bins = roundBins([0, Number.MIN_VALUE], 30);
  expect(countInBins([0, Number.MIN_VALUE], bins).reduce((sum, count) => sum + count)).toBe(2);
});
