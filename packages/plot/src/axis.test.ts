import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatNumber, isOnAxis, numericAxis, type ScaleType } from './axis.ts';

function domainOf(type: ScaleType, values: readonly number[]): readonly number[] {
  return numericAxis(type, values, undefined).scale.domain as readonly number[];
}

test.each(['linear', 'log'] as const)('a %s axis has a length and holds every value that can be drawn', (type) => {
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      const [low, high] = domainOf(type, values) as [number, number];
      expect(low).toBeLessThan(high);
      const shown = values.filter((value) => isOnAxis(value, type));
      for (const value of shown) expect(value >= low && value <= high).toBe(true);
    }),
  );
});

test('what has a place on an axis', () => {
  const values = [-1, -0, 0, 5e-324, 1e-300, 1, 1e300, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN];
  expect(values.filter((value) => isOnAxis(value, 'linear'))).toEqual([-1, -0, 0, 5e-324, 1e-300, 1, 1e300]);
  expect(values.filter((value) => isOnAxis(value, 'log'))).toEqual([1e-300, 1, 1e300]);
});

test('an axis of nothing, or of one value, is given a length', () => {
  expect(domainOf('linear', [])).toEqual([0, 1]);
  expect(domainOf('linear', [0, 0])).toEqual([-1, 1]);
  expect(domainOf('linear', [4])).toEqual([2, 6]);
  expect(domainOf('linear', [-4])).toEqual([-6, -2]);
  expect(domainOf('log', [0, -3, Number.NaN])).toEqual([1, 10]);
  expect(domainOf('log', [3])).toEqual([2, 5]);
  expect(domainOf('log', [2])).toEqual([2, 5]);
});

test('a log axis has one to ten ticks, all of them on it', () => {
  const value = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const { scale, ticks } = numericAxis('log', [a, b], undefined);
      const [low, high] = scale.domain as [number, number];
      const shown = ticks.ticks ?? [];
      expect(shown.length).toBeGreaterThanOrEqual(1);
      expect(shown.length).toBeLessThanOrEqual(10);
      expect(shown.every((tick) => tick >= low && tick <= high)).toBe(true);
    }),
  );
});

test('ticks of log axes are powers of ten, and within three of them also their double and fivefold', () => {
  expect(numericAxis('log', [0.02, 3], undefined).ticks.ticks).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]);
  expect(numericAxis('log', [1e-5, 3], undefined).ticks.ticks).toEqual([1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]);
});

test('a few whole numbers have whole ticks', () => {
  expect(numericAxis('linear', [1, 2, 4], undefined).ticks.ticks).toEqual([1, 2, 3, 4]);
  expect(numericAxis('linear', [1, 2.5, 4], undefined).ticks.ticks).toBeUndefined();
});

test('numbers are short, and have a true minus sign', () => {
  const numbers = [0, -0, 3, -3, 0.1 + 0.2, 0.001, 1e-7, -2.5e-5, 20000, 999999, 1e6, 1.5e30, Number.MAX_VALUE];
  expect(numbers.map(formatNumber)).toMatchInlineSnapshot(`
    [
      "0",
      "0",
      "3",
      "−3",
      "0.3",
      "0.001",
      "1e−7",
      "−2.5e−5",
      "20,000",
      "999,999",
      "1e6",
      "1.5e30",
      "1.79769e308",
    ]
  `);
});
