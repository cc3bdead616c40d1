import { describe, expect, test } from 'vitest';
import { grad, tensor } from '../index.ts';
import { frac, round } from './rounding.ts';

const double = { dtype: 'float64' } as const;

describe('round', () => {
  test('to whole numbers, halves to the even one', () => {
    expect(round(tensor([0.5, 1.5, 2.5, -0.5, -1.6])).toArray()).toEqual([0, 2, 2, 0, -2]);
  });

  test('to decimals, and to tens', () => {
    expect(round(tensor([1.25, -2.375, 7], double), { decimals: 1 }).toArray()).toEqual([1.2, -2.4, 7]);
    expect(round(tensor([1234.5, 1250, -50], double), { decimals: -2 }).toArray()).toEqual([1200, 1200, 0]);
    expect(tensor([0.126], double).round({ decimals: 2 }).toArray()).toEqual([0.13]);
  });

  test('is locally constant', () => {
    expect(grad((x) => round(x, { decimals: 1 }).sum())(tensor([1.26, 3])).toArray()).toEqual([0, 0]);
  });

  test('leaves whole numbers', () => {
    const x = tensor([3, -4], { dtype: 'int32' });
    expect(round(x).dtype).toBe('int32');
    expect(() => round(x, { decimals: 1 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: round: these decimals cannot be had
        got:   decimals 1 for dtype int32
        needs: float32 or float64
        fix:   x.to('float32') first]
    `);
  });

  test('says what decimals are', () => {
    expect(() => round(tensor([1]), { decimals: 0.5 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: round: these decimals cannot be had
        got:   decimals 0.5 for dtype float32
        needs: a whole number of decimals
        fix:   round(x, { decimals: 2 })]
    `);
  });
});

test('frac is what trunc leaves, with derivative 1', () => {
  const x = tensor([1.5, -2.25, 3, Infinity], double);
  expect(frac(x).toArray()).toEqual([0.5, -0.25, 0, Number.NaN]);
  expect(grad((y) => frac(y).sum())(x).toArray()).toEqual([1, 1, 1, 1]);
});
