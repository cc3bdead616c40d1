import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tensor, zeros } from '../index.ts';
import { allclose, equal, isclose } from './closeness.ts';

const double = { dtype: 'float64' } as const;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('isclose', () => {
  test('is |a - b| ≤ atol + rtol |b|', () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    const tolerance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(number, number, tolerance, tolerance, (a, b, rtol, atol) => {
        const close = isclose(tensor([a], double), tensor([b], double), { rtol, atol });
        expect(close.toArray()).toEqual([Math.abs(a - b) <= Math.abs(b * rtol) + atol]);
      }),
    );
  });

  test('of infinities and NaN', () => {
    const [a, b] = [tensor([inf, inf, 1, nan, nan]), tensor([inf, -inf, inf, nan, 1])];
    expect(isclose(a, b).toArray()).toEqual([true, false, false, false, false]);
    expect(isclose(a, b, { equalNan: true }).toArray()).toEqual([true, false, false, true, false]);
    expect(isclose(tensor([1]), tensor([inf]), { rtol: inf }).toArray()).toEqual([false]);
  });

  test('broadcasts, of any dtypes', () => {
    const close = isclose(tensor([[1], [2]], { dtype: 'int32' }), tensor([1, 2.00001]));
    expect(close.toArray()).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test.each([{ rtol: -1 }, { atol: nan }])('refuses the tolerance %o', (options) => {
    expect(() => isclose(tensor([1]), tensor([1]), options)).toThrow(/isclose: no distance is that small/);
    expect(() => allclose(tensor([1]), tensor([1]), options)).toThrow(/allclose: no distance is that small/);
  });

  test('says what it needs', () => {
    expect(() => isclose(tensor([1]), tensor([1]), { rtol: -1 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: isclose: no distance is that small
        got:   rtol -1, atol 1e-8
        needs: tolerances of at least 0
        fix:   leave them out: rtol is 1e-5 and atol 1e-8]
    `);
  });
});

test('allclose asks for all of them', () => {
  expect(allclose(tensor([1, 2]), tensor([1, 2 + 1e-5]))).toBe(true);
  expect(allclose(tensor([1, 2]), tensor([1, 2.1]))).toBe(false);
  expect(tensor([1, 2]).allclose(tensor([1, 2.1]), { atol: 0.2 })).toBe(true);
  expect(allclose(zeros([0]), zeros([0]))).toBe(true);
});

test('equal asks for one shape and equal entries', () => {
  expect(equal(tensor([1, 2]), tensor([1, 2], double))).toBe(true);
  expect(equal(tensor([1, 2]), tensor([1, 3]))).toBe(false);
  expect(equal(tensor([1, 1]), tensor([1]))).toBe(false);
  expect(equal(tensor([nan]), tensor([nan]))).toBe(false);
});
