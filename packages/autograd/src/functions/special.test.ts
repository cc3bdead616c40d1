import { describe, expect, test } from 'vitest';
import { grad, hessian, type Tensor, tensor } from '../index.ts';
import { checkGradients } from '../verify/index.ts';
import { logit, mvlgamma, ndtr, polygamma } from './special.ts';

const double = { dtype: 'float64' } as const;

function expectClose(actual: Tensor, expected: readonly number[], allowed = 1e-13): void {
  for (const [i, value] of actual.toTypedArray().entries()) {
    const error = Math.abs(value - expected[i]) / Math.max(1e-300, Math.abs(expected[i]));
    expect(Object.is(value, expected[i]) || error <= allowed, `${value}, not ${expected[i]}`).toBe(true);
  }
}

describe('logit', () => {
  const x = tensor([-1, 0.1, 0.5, 0.9, 2, Number.NaN], double);

  test('is held between eps and 1 - eps, with no derivative beyond; at the bounds it still has one', () => {
    const bound = Math.log(0.1 / 0.9);
    const expected = [bound, bound, 0, -bound, -bound, Number.NaN];
    expectClose(logit(x, { eps: 0.1 }), expected);
    const slope = 1 / 0.09;
    expectClose(grad((y) => logit(y, 0.1).sum())(x), [0, slope, 4, slope, 0, Number.NaN]);
  });

  test('with an eps of 0 is infinite at and beyond the ends, but steep only at them', () => {
    const ends = tensor([-1, 0, 1, 2], double);
    expect(logit(ends, { eps: 0 }).toArray()).toEqual([-Infinity, -Infinity, Infinity, Infinity]);
    expect(grad((y) => logit(y, { eps: 0 }).sum())(ends).toArray()).toEqual([0, Infinity, Infinity, 0]);
  });

  test('has derivatives of second order', () => {
    expect(checkGradients((y) => logit(y, { eps: 0.2 }).sum(), [tensor([0.3, 0.6], double)]).passed).toBe(true);
    expect(hessian((y) => logit(y).sum())(tensor([0.25], double)).item()).toBeCloseTo((2 * 0.25 - 1) / 0.1875 ** 2, 10);
  });

  test.each([-0.1, 0.6, Number.NaN])('refuses eps %d', (eps) => {
    expect(() => logit(x, { eps })).toThrow(/logit: no interval between the bounds/);
  });

  test('says what it needs', () => {
    expect(() => logit(x, 2)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: logit: no interval between the bounds
        got:   eps 2
        needs: a number from 0 to 0.5: x is held between eps and 1 - eps
        fix:   leave it out, or pass a small one: { eps: 1e-6 }]
    `);
  });
});

describe('polygamma', () => {
  test('of orders 0 and 1 is digamma and its derivative; each is the derivative of the one before', () => {
    const x = tensor([0.3, 1, 2.5, -0.7], double);
    for (const n of [0, 1, 2, 3]) {
      const slope = grad((y) => polygamma(n, y).sum())(x).toTypedArray();
      expect(slope).toEqual(polygamma(n + 1, x).toTypedArray());
    }
  });

  test('takes whole numbers as float32', () => {
    const result = polygamma(2, tensor([1, 2], { dtype: 'int32' }));
    expect(result.dtype).toBe('float32');
    expect(result.toTypedArray()[0]).toBeCloseTo(-2.4041138, 6);
  });

  test.each([-1, 0.5])('has no order %d', (n) => {
    expect(() => polygamma(n, tensor([1]))).toThrow(/polygamma: no such derivative/);
  });

  test('says what it needs', () => {
    expect(() => polygamma(-1, tensor([1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: polygamma: no such derivative
        got:   order -1
        needs: a whole number from 0 to 170, whose factorial is the largest of float64
        fix:   the order comes first: polygamma(1, x)]
    `);
  });
});

test('mvlgamma is a sum of logarithms of gamma functions', () => {
  // log Γ₂(3) = log(√π Γ(3) Γ(5/2))
  const expected = Math.log(Math.sqrt(Math.PI) * 2 * ((3 / 4) * Math.sqrt(Math.PI)));
  expect(mvlgamma(tensor([3], double), 2).item()).toBeCloseTo(expected, 14);
  expect(mvlgamma(tensor([1.5], double), 1).item()).toBeCloseTo(Math.log(Math.sqrt(Math.PI) / 2), 14);
  expect(() => mvlgamma(tensor([3]), 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: mvlgamma: no such size
      got:   p 0
      needs: a whole number from 1 on
      fix:   mvlgamma(x, 2)]
  `);
});

test('ndtr is accurate where it is tiny, in both precisions', () => {
  // Computed with 50 digits.
  expectClose(ndtr(tensor([-10], double)), [7.61985302416052e-24]);
  expectClose(ndtr(tensor([-10])), [7.61985302416052e-24], 1e-7);
});
