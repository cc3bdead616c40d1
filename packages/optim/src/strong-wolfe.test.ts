import { tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minimumOfCubic } from './cubic-interpolation.ts';
import { type SearchPoint, StrongWolfe } from './strong-wolfe.ts';

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

test('a cubic is found again from two of its points', () => {
  // c (t - m)² (t + k), with its minimum at m for k above -m.
  fc.assert(
    fc.property(number(0.2, 3), number(0.5, 4), number(0.1, 2), (m, k, c) => {
      const value = (t: number): number => c * (t - m) ** 2 * (t + k);
      const slope = (t: number): number => c * (2 * (t - m) * (t + k) + (t - m) ** 2);
      const at = (t: number) => ({ t, value: value(t), slope: slope(t) });
      const [a, b] = [at(0), at(m + 1)];
      expect(minimumOfCubic(a, b)).toBeCloseTo(m, 6);
      expect(minimumOfCubic(b, a)).toBeCloseTo(m, 6);
      expect(minimumOfCubic(a, b, [m + 0.1, m + 0.5])).toBe(m + 0.1);
    }),
  );
});

test('without a minimum it is the middle of the bounds', () => {
  const [a, b] = [
    { t: 0, value: 0, slope: -1 },
    { t: 2, value: -10, slope: -20 },
  ];
  expect(minimumOfCubic(a, { ...b, value: Number.NaN })).toBe(1);
  expect(minimumOfCubic({ t: 0, value: 0, slope: 1 }, { t: 2, value: 1.2, slope: 1 }, [0, 3])).toBe(1.5);
});

/** A search along a function of t, and the function's slope. */
function search(value: (t: number) => number, slope: (t: number) => number, first: number, most?: number) {
  const at = (t: number): SearchPoint => ({ t, value: value(t), slope: slope(t), gradient: tensor(slope(t)) });
  const wolfe = new StrongWolfe(at, at(0), 1e-12, most);
  return { point: wolfe.search(first), evaluations: wolfe.evaluations };
}

test('what it finds satisfies the strong Wolfe conditions', () => {
  // A slope that begins at -1, with waves on a bowl: several minima.
  fc.assert(
    fc.property(number(0.05, 2), number(0, 0.4), number(1, 6), number(0.01, 30), (bowl, height, pitch, first) => {
      const value = (t: number): number => bowl * t * t - t + height * (Math.cos(pitch * t) - 1);
      const slope = (t: number): number => 2 * bowl * t - 1 - height * pitch * Math.sin(pitch * t);
      const { point, evaluations } = search(value, slope, first);
      expect(evaluations).toBeLessThanOrEqual(26);
      expect(point.value).toBe(value(point.t));
      expect(point.value).toBeLessThanOrEqual(value(0) + 1e-4 * point.t * slope(0) + 1e-12);
      expect(Math.abs(point.slope)).toBeLessThanOrEqual(0.9 * Math.abs(slope(0)) + 1e-9);
    }),
  );
});

test('gives the best it has when it runs out of tries, or meets what is no number', () => {
  const endless = search(
    (t) => -t,
    () => -1,
    1,
    5,
  );
  expect(endless).toMatchObject({ evaluations: 6, point: { value: -endless.point.t } });
  const broken = search(
    () => Number.NaN,
    () => Number.NaN,
    1,
  );
  expect(broken.evaluations).toBeLessThanOrEqual(26);
});
