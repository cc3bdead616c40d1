import { describe, expect, test } from 'vitest';
import { grad, tensor } from '../index.ts';
import { clamp, clampMax, clampMin, div, floatPower, ldexp, positive } from './arithmetic.ts';

const whole = (...entries: number[]) => tensor(entries, { dtype: 'int32' });

describe('div', () => {
  test('rounds the exact quotient, and keeps whole numbers whole, however large', () => {
    expect(div(tensor([1], { dtype: 'float64' }), 0.1, { roundingMode: 'floor' }).item()).toBe(9);
    expect(div(whole(7, -7), 2, { roundingMode: 'floor' }).toArray()).toEqual([3, -4]);
    expect(div(whole(7, -7), 2, { roundingMode: 'trunc' }).toArray()).toEqual([3, -3]);
    const large = div(whole(2 ** 31 - 1), 1, { roundingMode: 'floor' });
    expect([large.item(), large.dtype]).toEqual([2 ** 31 - 1, 'int32']);
    expect(div(whole(7), 2).dtype).toBe('float32');
  });

  test('knows no other rounding', () => {
    const roundingMode = 'ceil' as 'floor';
    expect(() => div(tensor([1]), 2, { roundingMode })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: div: no such rounding
        got:   roundingMode "ceil"
        needs: 'floor', 'trunc' or null
        fix:   leave it out for the exact quotient, or pass { roundingMode: 'floor' }]
    `);
  });
});

describe('clamp', () => {
  test('with one bound keeps whole numbers whole', () => {
    expect(clamp(whole(-5, 5), 0).toArray()).toEqual([0, 5]);
    expect(clampMax(whole(-5, 5), 0).toArray()).toEqual([-5, 0]);
    expect(clamp(whole(-5, 5), 0).dtype).toBe('int32');
  });

  test('clampMin and clampMax are its halves', () => {
    const x = tensor([-2, 0.5, 3]);
    expect(clampMin(x, 0).toArray()).toEqual([0, 0.5, 3]);
    expect(x.clampMax(tensor([1, 0, 5])).toArray()).toEqual([-2, 0, 3]);
    expect(grad((y) => clampMin(y, 0.5).sum())(x).toArray()).toEqual([0, 1, 1]);
  });
});

test('ldexp multiplies by powers of two', () => {
  expect(ldexp(whole(7, -7, 5), whole(2, 2, -3)).toArray()).toEqual([28, -28, 0.625]);
  expect(grad((x) => ldexp(x, 3).sum())(tensor([5])).toArray()).toEqual([8]);
});

test('floatPower computes in float64', () => {
  const power = floatPower(whole(2, 3), -1);
  expect([power.toArray(), power.dtype]).toEqual([[0.5, 1 / 3], 'float64']);
  expect(floatPower(2, tensor([0.5])).item()).toBe(Math.SQRT2);
});

test('positive gives back numbers and refuses truth values', () => {
  const x = tensor([-1]);
  expect(positive(x)).toBe(x);
  expect(() => positive(tensor([true]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: positive: truth values have no sign
      got:   dtype bool
      needs: a dtype of numbers
      fix:   x.to('int32') first]
  `);
});
