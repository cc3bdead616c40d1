import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromOklab, toOklab } from './oklab.ts';

test('every colour comes back', () => {
  fc.assert(
    fc.property(fc.nat(0xffffff), (value) => {
      const colour = `#${value.toString(16).padStart(6, '0')}`;
      expect(fromOklab(toOklab(colour))).toBe(colour);
    }),
  );
});

test('published pairs', () => {
  // B. Ottosson, table of XYZ pairs; red, by his reference code.
  expect(toOklab('#ffffff').lightness).toBeCloseTo(1, 5);
  const red = toOklab('#ff0000');
  expect([red.lightness, red.a, red.b].map((value) => Number(value.toFixed(4)))).toEqual([0.628, 0.2249, 0.1258]);
});
