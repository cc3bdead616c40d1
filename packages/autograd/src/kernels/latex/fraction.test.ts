import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fractionOf, plus, raised, times, toNumber } from './fraction.ts';

const small = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 64 }));
const divisor = (a: number, b: number): number => (b === 0 ? Math.abs(a) : divisor(b, a % b));

test('a quotient of small whole numbers is recognised, also from float32', () => {
  fc.assert(
    fc.property(small, fc.boolean(), ([above, below], single) => {
      const value = single ? Math.fround(above / below) : above / below;
      const by = divisor(above, below) || 1;
      expect(fractionOf(value, single ? 1e-7 : undefined)).toEqual({
        numerator: above / by + 0,
        denominator: above === 0 ? 1 : below / by,
      });
    }),
  );
});

test('a part 1/n is recognised up to a million', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (n) => {
      expect(fractionOf(1 / n)).toEqual({ numerator: 1, denominator: n });
    }),
  );
});

test('what is no small fraction stays what it is', () => {
  for (const value of [Math.PI, Math.SQRT2, 0.044715, 1e-9 * Math.E, Infinity, -Infinity, 355 / 113]) {
    expect(fractionOf(value)).toEqual({ numerator: value, denominator: 1 });
  }
  expect(fractionOf(Number.NaN).numerator).toBeNaN();
});

test('arithmetic is that of numbers', () => {
  fc.assert(
    fc.property(small, small, fc.integer({ min: -3, max: 3 }), (a, b, exponent) => {
      const [x, y] = [a, b].map(([above, below]) => fractionOf(above / below));
      expect(toNumber(plus(x, y))).toBeCloseTo(toNumber(x) + toNumber(y), 9);
      expect(toNumber(times(x, y))).toBeCloseTo(toNumber(x) * toNumber(y), 9);
      const power = toNumber(x) ** exponent;
      if (Math.abs(power) < 1e6) expect(toNumber(raised(x, exponent))).toBeCloseTo(power, 6);
    }),
  );
});
