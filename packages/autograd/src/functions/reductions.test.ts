import { expect, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { grad } from '../transforms/grad.ts';
import { hessian, hvp } from '../transforms/jacobian.ts';
import { tensor } from './creation.ts';
import { amax, max, min, std, sum, variance } from './reductions.ts';

const inFloat64 = (data: readonly number[] | readonly number[][]): Tensor => tensor(data, { dtype: 'float64' });
const gradientOf = (f: (x: Tensor) => Tensor, data: readonly number[] | readonly number[][]): unknown =>
  grad(f)(inFloat64(data)).toArray();

test('the extreme of all entries gives the derivative to the NaNs, where there are some', () => {
  expect(gradientOf(max, [1, Number.NaN, 3, Number.NaN])).toEqual([0, 0.5, 0, 0.5]);
  expect(gradientOf(min, [1, Number.NaN, 3])).toEqual([0, 1, 0]);
  expect(gradientOf(max, [3, 1, 3])).toEqual([0.5, 0, 0.5]);
  expect(gradientOf(amax, [1, Number.NaN, 3])).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test('the standard deviation of equal entries has derivative zero', () => {
  expect(
    gradientOf(
      (x) => sum(std(x, 1)),
      [
        [2, 2, 2],
        [1, 2, 3],
      ],
    ),
  ).toEqual([
    [0, 0, 0],
    [-0.5, 0, 0.5],
  ]);
});

test('an infinite entry does not spread into the variance’s derivative by finite ones', () => {
  expect(gradientOf(variance, [Infinity, 1])).toEqual([Number.NaN, -Infinity]);
});

test('the variance has the second derivative 2 (I - 1/n) / (n - 1), by either mode', () => {
  const varianceOfAll = (x: Tensor): Tensor => variance(x);
  const x = inFloat64([1, 5, 3]);
  expect(hessian(varianceOfAll)(x).toArray()).toEqual(
    [0, 1, 2].map((i) => [0, 1, 2].map((j) => expect.closeTo(i === j ? 2 / 3 : -1 / 3, 14))),
  );
  const [product] = hvp(varianceOfAll, [x], [inFloat64([1, 0, 0])]);
  expect(product?.toArray()).toEqual([2 / 3, -1 / 3, -1 / 3].map((entry) => expect.closeTo(entry, 14)));
});
