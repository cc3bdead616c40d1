import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Generator, randint, randn, repeatInterleave, tensor, variance, zeros } from '../index.ts';
import { corrcoef, cov } from './covariance.ts';

const near = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThan(1e-10);
const drawn = (seed: number, ...shape: number[]) => randn(shape, { dtype: 'float64', generator: new Generator(seed) });

test('on the diagonal stand variances; a frequency is an observation made so often', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 2, max: 4 }), fc.integer({ min: 3, max: 6 }), (seed, rows, columns) => {
      const x = drawn(seed, rows, columns);
      for (const [i, each] of variance(x, 1).unbind().entries()) near(cov(x).index(i, i).item(), each.item());
      const fweights = randint(1, 4, [columns], { generator: new Generator(seed) });
      const often = repeatInterleave(x, fweights, 1);
      near(cov(x, { fweights }).sub(cov(often)).abs().amax().item(), 0);
      const even = cov(x, { aweights: zeros([columns], { dtype: 'float64' }).add(0.3) });
      near(even.sub(cov(x)).abs().amax().item(), 0);
    }),
  );
});

test('correlations are covariances of variables with a variance of one', () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const x = drawn(seed, 3, 5);
      const scaled = x.div(variance(x, 1, { keepDim: true }).sqrt());
      near(corrcoef(x).sub(cov(scaled)).abs().amax().item(), 0);
    }),
  );
});

test('one variable alone has a variance and nothing to correlate with', () => {
  expect(cov(tensor([1, 2, 3])).item()).toBe(1);
  expect(cov(tensor([[1, 2, 3]]), { correction: 0 }).item()).toBeCloseTo(2 / 3);
  expect(corrcoef(tensor([1, 2, 3])).item()).toBe(1);
  expect(
    corrcoef(
      tensor([
        [1, 1],
        [0, 1],
      ]),
    ).toArray(),
  ).toEqual([
    [Number.NaN, Number.NaN],
    [Number.NaN, 1],
  ]);
});

test('needs observations, and weights for each', () => {
  expect(() => cov(zeros([2, 2, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: cov: not variables and their observations
      got:   [2, 2, 2] float32
      needs: [variables, observations] or [observations], of a floating dtype
      fix:   one row for each variable; transpose a table with one row for each observation]
  `);
  expect(() => corrcoef(zeros([2], { dtype: 'int32' }))).toThrow(/corrcoef: not variables/);
  expect(() => cov(zeros([2, 3]), { fweights: zeros([3]) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: cov: fweights do not fit
      got:   [3] float32
      needs: [3], int32
      fix:   fweights count how often an observation was made, aweights weigh it]
  `);
  expect(() => cov(zeros([2, 3]), { aweights: zeros([2]) })).toThrow(/aweights do not fit/);
});
