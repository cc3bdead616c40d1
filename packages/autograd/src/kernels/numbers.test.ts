import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evenly } from '../verify/evenly.ts';
import { numbers } from './numbers.ts';

const { fmod, maximum, minimum, pow, round, sign } = numbers;

describe('numbers, where JavaScript and C differ or choices are made', () => {
  test('round goes to the nearest whole number, halves to the even one', () => {
    const cases = [
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [-0.5, 0],
      [-1.5, -2],
      [-2.5, -2],
      [2.4999, 2],
      [-2.6, -3],
      [2 ** 51 + 1.5, 2 ** 51 + 2],
      [0.49999999999999994, 0],
    ];
    for (const [x, expected] of cases) expect(round(x) + 0).toBe(expected);
    fc.assert(
      fc.property(fc.oneof(evenly(-1e15, 1e15), evenly(-50, 50)), (x) => {
        expect(Number.isInteger(round(x))).toBe(true);
        expect(Math.abs(round(x) - x)).toBeLessThanOrEqual(0.5);
      }),
    );
    expect([Number.NaN, Infinity, -Infinity].map(round)).toEqual([Number.NaN, Infinity, -Infinity]);
  });

  test('pow is that of C: 1 to any power, and -1 to an infinite one, is 1', () => {
    expect([pow(1, Number.NaN), pow(1, Infinity), pow(-1, Infinity), pow(-1, -Infinity)]).toEqual([1, 1, 1, 1]);
    expect([pow(Number.NaN, 0), pow(0, 0), pow(2, -1), pow(-8, 1 / 3)]).toEqual([1, 1, 0.5, Number.NaN]);
  });

  test('the remainder has the sign of the dividend', () => {
    expect([fmod(7, 3), fmod(-7, 3), fmod(7, -3), fmod(1, 0)]).toEqual([1, -1, 1, Number.NaN]);
  });

  test('the larger and the smaller are NaN where either is, and know the sign of zero', () => {
    for (const extreme of [maximum, minimum]) {
      expect([extreme(1, Number.NaN), extreme(Number.NaN, 1)]).toEqual([Number.NaN, Number.NaN]);
    }
    expect([maximum(-0, 0), minimum(0, -0)]).toEqual([0, -0]);
  });

  test('sign is -1, 0 or 1', () => {
    expect([-2, -0, 0, 1e-300, Infinity].map((x) => sign(x) + 0)).toEqual([-1, 0, 0, 1, 1]);
  });
});
