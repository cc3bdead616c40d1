import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { grad } from '../transforms/grad.ts';
import { hessian, hvp } from '../transforms/jacobian.ts';
import { maximum, minimum } from './arithmetic.ts';
import { tensor } from './creation.ts';
import { drawShape, drawTensor } from './draw-tensor.ts';
import { expectSame } from './expect-linear.ts';
import {
  amax,
  amin,
  aminmax,
  countNonzero,
  logsumexp,
  max,
  mean,
  min,
  nanmean,
  nansum,
  prod,
  std,
  stdMean,
  sum,
  variance,
  varMean,
} from './reductions.ts';
import { cumprod, cumsum } from './scans.ts';

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

test('pairs of statistics are what each is alone', () => {
  const drawn = drawShape(1, 3, { min: 1 }).chain((shape) =>
    fc.record({
      x: drawTensor(shape),
      dim: fc.option(fc.integer({ min: -shape.length, max: shape.length - 1 })),
      keepDim: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(drawn, ({ x, dim, keepDim }) => {
      const options = { keepDim, correction: 0 };
      const pair = aminmax(x, { dim, keepDim });
      expectSame(pair.min, amin(x, dim, { keepDim }));
      expectSame(pair.max, amax(x, dim, { keepDim }));
      expect(Object.values(varMean(x, dim, options)).map((each) => each.toArray())).toEqual([
        variance(x, dim, options).toArray(),
        mean(x, dim, { keepDim }).toArray(),
      ]);
      expect(Object.values(stdMean(x, dim, options)).map((each) => each.toArray())).toEqual([
        std(x, dim, options).toArray(),
        mean(x, dim, { keepDim }).toArray(),
      ]);
    }),
  );
});

test('max and min of two tensors choose entry by entry', () => {
  const [a, b] = [inFloat64([1, 5, 3]), inFloat64([2])];
  expectSame(max(a, b), maximum(a, b));
  expectSame(min(a, b), minimum(a, b));
});

test('nansum and nanmean leave NaNs out, also of the derivative', () => {
  const x = [
    [1, Number.NaN, 3],
    [Number.NaN, Number.NaN, Number.NaN],
  ];
  expect(nansum(inFloat64(x), 1).toArray()).toEqual([4, 0]);
  expect(nanmean(inFloat64(x), 1, { keepDim: true }).toArray()).toEqual([[2], [Number.NaN]]);
  expect(gradientOf((y) => nansum(y), x)).toEqual([
    [1, 0, 1],
    [0, 0, 0],
  ]);
  expect(gradientOf((y) => nanmean(y), x)).toEqual([
    [0.5, 0, 0.5],
    [0, 0, 0],
  ]);
  expect(nansum(tensor([1, 2], { dtype: 'int32' })).item()).toBe(3);
});

test('countNonzero counts NaN and infinities', () => {
  expect(countNonzero(inFloat64([0, -0, Number.NaN, Infinity, 2])).item()).toBe(3);
  expect(countNonzero(tensor([[true, false]]), 0).toArray()).toEqual([1, 0]);
});

test('products with one zero and with several have the right derivative', () => {
  expect(gradientOf((x) => prod(x), [2, 0, 5])).toEqual([0, 10, 0]);
  expect(gradientOf((x) => prod(x), [0, 3, 0])).toEqual([0, 0, 0]);
  expect(hessian((x: Tensor) => prod(x))(inFloat64([0, 3, 0])).toArray()).toEqual([
    [0, 0, 3],
    [0, 0, 0],
    [3, 0, 0],
  ]);
});

test('what has too few entries has no variance; the logarithm of no sum is minus infinity', () => {
  expect(variance(inFloat64([5])).item()).toBeNaN();
  expect(variance(inFloat64([5]), 0, { correction: 0 }).item()).toBe(0);
  expect(variance(inFloat64([])).item()).toBeNaN();
  expect(std(inFloat64([1, 2]), 0, { correction: 5 }).item()).toBe(Infinity);
  expect(logsumexp(inFloat64([-Infinity, -Infinity]), 0).item()).toBe(-Infinity);
  expect(logsumexp(inFloat64([Infinity, 1]), 0).item()).toBe(Infinity);
});

test('dtype is that of the input of sums and products, and of the result', () => {
  const whole = tensor([[1, 2, 3]], { dtype: 'int32' });
  const options = { dtype: 'float64', keepDim: true } as const;
  expect(sum(whole, 1, options).dtype).toBe('float64');
  expect(mean(whole, 1, options).toArray()).toEqual([[2]]);
  expect(prod(whole, 1, options).toArray()).toEqual([[6]]);
  expect(nanmean(whole, 1, options).shape).toEqual([1, 1]);
  expect(nansum(inFloat64([1.7, Number.NaN]), 0, { dtype: 'int32' }).item()).toBe(1);
  expect(cumsum(whole, 1, { dtype: 'float32' }).dtype).toBe('float32');
  expect(cumprod(whole, 1, { dtype: 'float64' }).toArray()).toEqual([[1, 2, 6]]);
});
