import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Lanes, VectorInterpreter } from './interpret-vectors.ts';
import type { ElementType } from './vector-math.ts';

const integer = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 });

describe.each<ElementType>(['float32', 'float64'])('vectors of %s, carried out', (elementType) => {
  const v = new VectorInterpreter(2, elementType);
  const bits = elementType === 'float32' ? 32 : 64;
  const smallInteger = fc.integer({ min: -(2 ** 24), max: 2 ** 24 });
  const integers = (vector: Lanes): number[] => [...v.fromIntegers(vector)];
  const rounded = (x: number): number => (elementType === 'float32' ? Math.fround(x) : x);

  test('results are rounded to the element type', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        const [x, y] = [v.constant(a), v.constant(b)];
        expect(v.multiply(x, y)[1]).toBe(rounded(rounded(a) * rounded(b)));
        expect(v.divide(x, y)[1]).toBe(rounded(rounded(a) / rounded(b)));
        expect(v.multiplyAdd(x, y, x)[0]).toBe(rounded(rounded(rounded(a) * rounded(b)) + rounded(a)));
      }),
    );
  });

  test('masks select, and are what comparisons say', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        const [x, y] = [v.constant(a), v.constant(b)];
        const isLess = v.less(x, y);
        const expected = rounded(a) < rounded(b);
        expect(v.select(isLess, x, y)[0]).toBe(rounded(expected ? a : b));
        expect(v.and(isLess, v.constant(1))[1]).toBe(Number(expected));
        const never = v.or(v.and(isLess, v.not(isLess)), v.less(v.constant(Number.NaN), x));
        expect(v.select(v.not(never), x, y)[1]).toBe(rounded(a));
      }),
    );
  });

  test('integers are added, subtracted and shifted in two’s complement', () => {
    fc.assert(
      fc.property(smallInteger, smallInteger, fc.integer({ min: 0, max: 6 }), (a, b, shift) => {
        const [x, y] = [v.toIntegers(v.constant(a)), v.integerConstant(b)];
        expect(integers(v.addIntegers(x, y))[0] + 0).toBe(rounded(a + b));
        expect(integers(v.subtractIntegers(x, y))[1] + 0).toBe(rounded(a - b));
        expect(integers(v.shiftLeft(x, shift))[0] + 0).toBe(a * 2 ** shift);
        expect(integers(v.shiftRight(x, shift))[0] + 0).toBe(Math.floor(a / 2 ** shift));
      }),
    );
  });

  test('bits survive, those of a NaN too', () => {
    fc.assert(
      fc.property(integer, (value) => {
        const vector = v.integerConstant(value);
        expect(v.not(v.not(vector))).toEqual(vector);
        expect(integers(v.or(vector, v.and(vector, vector)))[0]).toBe(rounded(value));
      }),
    );
    expect(integers(v.integerConstant(-1))[0]).toBe(-1);
    expect(integers(v.shiftRight(v.constant(-0), bits - 1))[0]).toBe(-1);
  });

  test('nearest rounds halves to even and keeps the sign of zero', () => {
    const cases = [
      [0.5, 0],
      [-0.5, -0],
      [-0, -0],
      [1.5, 2],
      [2.5, 2],
      [-2.5, -2],
      [-Infinity, -Infinity],
      [Number.NaN, Number.NaN],
    ];
    for (const [x, expected] of cases) expect(v.nearest(v.constant(x))[0]).toBe(expected);
  });

  test('the library is that of single numbers', () => {
    expect(v.call('pow', v.constant(1), v.constant(Number.NaN))[0]).toBe(1);
    expect(v.call('erf', v.constant(Infinity))[1]).toBe(1);
  });
});

test('a multiply-add that rounds once keeps what the product has beyond a float', () => {
  const x = new Float32Array([1 + 2 ** -23]);
  const residue = (roundings: 1 | 2): number => {
    const v = new VectorInterpreter(1, 'float32', roundings);
    return v.multiplyAdd(x, x, v.negate(v.multiply(x, x)))[0];
  };
  expect([residue(1), residue(2)]).toEqual([2 ** -46, 0]);
});
