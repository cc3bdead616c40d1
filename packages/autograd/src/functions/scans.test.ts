import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cummax, cummin, cumprod, cumsum, logcumsumexp, type Tensor, tensor, vjp } from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });

const lines = drawShape(1, 3, { max: 6 }).chain((shape) =>
  fc.record({ x: drawTensor(shape), dim: fc.integer({ min: 0, max: shape.length - 1 }) }),
);

/** Of every entry a value of the line up to it. */
function byHead(x: Tensor, dim: number, value: (head: readonly number[]) => number): Tensor {
  return byEntry(x.shape, (place) =>
    value(Array.from({ length: place[dim] + 1 }, (_, i) => entryAt(x, place.with(dim, i)))),
  );
}

test('running sums and products', () => {
  fc.assert(
    fc.property(lines, ({ x, dim }) => {
      expectSame(
        cumsum(x, dim),
        byHead(x, dim, (head) => head.reduce((a, b) => a + b)),
      );
      expectSame(
        cumprod(x, dim - x.rank),
        byHead(x, dim, (head) => head.reduce((a, b) => a * b)),
      );
      expectLinear((y) => cumsum(y, dim), x);
    }),
  );
});

test('extremes so far, the last among equals', () => {
  fc.assert(
    fc.property(lines, ({ x, dim }) => {
      for (const [scan, extreme] of [
        [cummax, Math.max],
        [cummin, Math.min],
      ] as const) {
        const { values, indices } = scan(x, dim);
        expectSame(
          values,
          byHead(x, dim, (head) => extreme(...head)),
        );
        expectSame(
          indices.to('float64'),
          byHead(x, dim, (head) => head.lastIndexOf(extreme(...head))),
        );
        const [, pull] = vjp((y) => scan(y, dim).values, x);
        const [gradient] = pull(byEntry(x.shape, () => 1));
        const pointed = byEntry(
          x.shape,
          (place) =>
            Array.from({ length: x.shape[dim] }, (_, i) => entryAt(indices, place.with(dim, i))).filter(
              (index) => index === place[dim],
            ).length,
        );
        expectSame(gradient, pointed);
      }
    }),
  );
});

test('from the first NaN on, extremes are NaN', () => {
  const { values, indices } = cummax(floats([1, NaN, 5, NaN, 7]), 0);
  expect(values.toArray()).toEqual([1, NaN, NaN, NaN, NaN]);
  expect(indices.toArray()).toEqual([0, 1, 1, 3, 3]);
});

test('logcumsumexp neither overflows nor loses small terms', () => {
  expect(logcumsumexp(floats([1000, 1000, -1000]), 0).toArray()).toEqual([
    1000,
    expect.closeTo(1000 + Math.LN2, 10),
    expect.closeTo(1000 + Math.LN2, 10),
  ]);
  expect(logcumsumexp(floats([-Infinity, -Infinity, 0, Infinity]), 0).toArray()).toEqual([
    -Infinity,
    -Infinity,
    0,
    Infinity,
  ]);
  expect(logcumsumexp(floats([0, NaN, 0]), 0).toArray()).toEqual([0, NaN, NaN]);
  fc.assert(
    fc.property(lines, ({ x, dim }) => {
      const expected = byHead(x, dim, (head) => Math.log(head.reduce((sum, entry) => sum + Math.exp(entry), 0)));
      const got = logcumsumexp(x, dim).toTypedArray();
      expected.toTypedArray().forEach((entry, i) => {
        expect(got[i]).toBeCloseTo(entry, 10);
      });
    }),
  );
});

test('derivatives, to second order', () => {
  const x = floats([
    [0.3, -1.2, 2.1, 0.7],
    [1.5, 0, -0.4, 3],
  ]);
  assertGradients((y) => logcumsumexp(y, 1), [x], { order: 2 });
  assertGradients((y) => logcumsumexp(y, 0), [x], { order: 2 });
  // With one zero and with two.
  assertGradients((y) => cumprod(y, 1), [x], { order: 2 });
  assertGradients(
    (y) => cumprod(y, 0),
    [
      floats([
        [0, 2],
        [3, 0],
        [0, 1],
      ]),
    ],
    { order: 2 },
  );
});

test('single numbers, truth values and whole numbers', () => {
  expect(cummax(floats(3), 0).indices.item()).toBe(0);
  expect(logcumsumexp(floats(3), -1).item()).toBe(3);
  expect(cumsum(tensor([true, true]), 0).toArray()).toEqual([1, 2]);
  expect(cumprod(tensor([2, 3], { dtype: 'int32' }), 0).dtype).toBe('int32');
  expect(cummin(tensor([2, 3], { dtype: 'int32' }), 0).values.dtype).toBe('int32');
});

test('say what is wrong', () => {
  expect(() => cummax(floats([1]), 1)).toThrow('cummax: dim out of range');
  expect(() => logcumsumexp(tensor([1], { dtype: 'int32' }), 0)).toThrow('not defined for whole numbers');
});
