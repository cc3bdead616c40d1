import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tensor } from '../../functions/creation.ts';
import { vjp } from '../../transforms/vjp.ts';
import { floorDivide, fmod, remainder, truncatedQuotient } from './division.ts';

const vector = (...entries: number[]) => tensor(entries, { dtype: 'float64' });
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('quotients and remainders', () => {
  test('of whole numbers make up the dividend again, and stay whole numbers', () => {
    const whole = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(
        whole,
        whole.filter((b) => b !== 0),
        (a, b) => {
          const [x, y] = [tensor([a], { dtype: 'int32' }), tensor([b], { dtype: 'int32' })];
          const [down, rest] = [floorDivide(x, y), remainder(x, y)];
          expect([down.dtype, rest.dtype]).toEqual(['int32', 'int32']);
          expect(down.item()).toBe(Math.floor(a / b) + 0);
          expect(rest.item()).toBe(a - b * Math.floor(a / b) + 0);
          expect(truncatedQuotient(x, y).item()).toBe(Math.trunc(a / b) + 0);
          expect(fmod(x, y).item()).toBe((a % b) + 0);
        },
      ),
    );
  });

  test('of fractions: the remainder has the sign of the divisor and is less', () => {
    const some = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        some,
        some.filter((b) => Math.abs(b) > 1e-6),
        (a, b) => {
          const rest = remainder(vector(a), b).item();
          expect(Math.abs(rest)).toBeLessThanOrEqual(Math.abs(b));
          expect(rest === 0 || Math.sign(rest) === Math.sign(b)).toBe(true);
          const whole = floorDivide(vector(a), b).item();
          expect(Number.isInteger(whole)).toBe(true);
          expect(Math.abs(whole * b + rest - a)).toBeLessThanOrEqual(4 * 2 ** -53 * (Math.abs(a) + Math.abs(b)));
        },
      ),
    );
  });

  test('are of the exact quotient: 1 / 0.1 rounds to 10, but 0.1 is more than a tenth', () => {
    expect(floorDivide(vector(1, -1), 0.1).toArray()).toEqual([9, -10]);
    expect(remainder(vector(5, -5, 5, -5), vector(3, 3, -3, -3)).toArray()).toEqual([2, 1, -1, -2]);
    expect(fmod(vector(5, -5, 5, -5), vector(3, 3, -3, -3)).toArray()).toEqual([2, -2, 2, -2]);
  });

  test('by zero and by infinities are PyTorch’s', () => {
    const [a, b] = [vector(-1, 1, 0, 1, -1, inf), vector(0, 0, 0, -inf, inf, 2)];
    expect(floorDivide(a, b).toArray()).toEqual([-inf, inf, nan, -1, -1, nan]);
    expect(truncatedQuotient(a, b).toArray()).toEqual([-inf, inf, nan, -0, -0, inf]);
    expect(remainder(a, b).toArray()).toEqual([nan, nan, nan, -inf, inf, nan]);
    expect(fmod(a, b).toArray()).toEqual([nan, nan, nan, 1, -1, nan]);
  });
});

test('the derivative of a remainder by the divisor is the negative rounded quotient', () => {
  const [a, b] = [vector(5, -5, 5, -5, 1), vector(3, 3, -3, -3, 0.1)];
  const ones = vector(1, 1, 1, 1, 1);
  const gradients = (f: typeof fmod) => vjp((x, y) => f(x, y), a, b)[1](ones).map((g) => g.toArray());
  expect(gradients(fmod)).toEqual([ones.toArray(), [-1, 1, 1, -1, -10]]);
  expect(gradients(remainder)).toEqual([ones.toArray(), [-1, 2, 2, -1, -9]]);
});
