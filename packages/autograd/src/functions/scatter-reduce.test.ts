import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hessian,
  indexReduce,
  type ScatterReduction,
  scatter,
  scatterReduce,
  type Tensor,
  tensor,
  vjp,
} from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { byEntry, drawIndices, drawShape, drawTensor, entryAt, placesOf } from './draw-tensor.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });
const whole = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'int32' });

const reductions: readonly ScatterReduction[] = ['sum', 'prod', 'mean', 'amax', 'amin'];

function reduced(list: readonly number[], reduce: ScatterReduction): number {
  if (reduce === 'amax') return Math.max(...list);
  if (reduce === 'amin') return Math.min(...list);
  if (reduce === 'prod') return list.reduce((a, b) => a * b, 1);
  const sum = list.reduce((a, b) => a + b, 0);
  return reduce === 'mean' ? sum / list.length : sum;
}

const drawn = drawShape(1, 3, { min: 1 }).chain((shape) =>
  fc
    .record({
      dim: fc.integer({ min: 0, max: shape.length - 1 }),
      sizes: fc.tuple(...shape.map((size) => fc.integer({ min: 0, max: size }))),
      count: fc.integer({ min: 0, max: 5 }),
      reduce: fc.constantFrom(...reductions),
      includeSelf: fc.boolean(),
    })
    .chain(({ dim, sizes, count, reduce, includeSelf }) => {
      const indexShape = sizes.with(dim, count);
      return fc.record({
        dim: fc.constant(dim),
        reduce: fc.constant(reduce),
        includeSelf: fc.constant(includeSelf),
        x: drawTensor(shape),
        index: drawIndices(indexShape, 0, shape[dim] - 1),
        src: drawTensor(indexShape.map((size, d) => size + (d % 2))),
      });
    }),
);

test('joins what meets in a place', () => {
  fc.assert(
    fc.property(drawn, ({ x, dim, index, src, reduce, includeSelf }) => {
      const expected = byEntry(x.shape, (place) => {
        const meeting = placesOf(index.shape)
          .filter((from) => from.with(dim, entryAt(index, from)).join() === place.join())
          .map((from) => entryAt(src, from));
        if (meeting.length === 0) return entryAt(x, place);
        return reduced(includeSelf ? [entryAt(x, place), ...meeting] : meeting, reduce);
      });
      const got = scatterReduce(x, dim - x.rank, index, src, reduce, { includeSelf });
      expect(got.shape).toEqual(x.shape);
      got.toTypedArray().forEach((entry, i) => {
        expect(entry).toBeCloseTo(expected.toTypedArray()[i], 9);
      });
    }),
  );
});

describe('derivatives', () => {
  const x = floats([2, -1, 0.5]);
  const index = whole([0, 2, 0, 2]);
  const src = floats([3, 1.5, -2, 0.25]);

  test.each(reductions)('of %s, to second order', (reduce) => {
    for (const includeSelf of [true, false]) {
      assertGradients((a, b) => scatterReduce(a, 0, index, b, reduce, { includeSelf }), [x, src], { order: 2 });
    }
  });

  test('of a product, the second too, with any number of zeros', () => {
    const entry = fc.constantFrom(0, 0, 1, -2, 0.5);
    const product = (v: Tensor, index: Tensor): Tensor =>
      scatterReduce(v.narrow(0, 0, 2), 0, index, v.narrow(0, 2, 5), 'prod').sum();
    const indices = fc.array(fc.nat(1), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 7, maxLength: 7 }), indices, (entries, places) => {
        const index = whole(places);
        const raised = (...dims: readonly number[]): number =>
          product(floats(entries.map((x, i) => x + dims.filter((d) => d === i).length)), index).item();
        const curvature = hessian((v: Tensor) => product(v, index))(floats(entries));
        // Of a polynomial that is linear in each entry, differences are derivatives.
        const expected = entries.map((_, i) =>
          entries.map((_, j) => (i === j ? 0 : raised(i, j) - raised(i) - raised(j) + raised())),
        );
        expect(curvature.sub(floats(expected)).abs().max().item()).toBeLessThan(1e-12);
      }),
      { numRuns: 40 },
    );
  });

  test('of a product with one zero and with two', () => {
    const gradientsOf = (zeros: readonly number[]): unknown[] => {
      const [, pull] = vjp((a, b) => scatterReduce(a, 0, whole([0, 0]), b, 'prod'), floats([3]), floats(zeros));
      return pull(floats([1])).map((gradient) => gradient.toArray());
    };
    expect(gradientsOf([0, 5])).toEqual([[0], [15, 0]]);
    expect(gradientsOf([0, 0])).toEqual([[0], [0, 0]]);
    assertGradients((a, b) => scatterReduce(a, 0, index, b, 'prod'), [x, floats([0, 1.5, -2, 0.25])], { order: 2 });
  });

  test('of equal extremes is shared', () => {
    const [, pull] = vjp((a, b) => scatterReduce(a, 0, whole([0, 0, 0]), b, 'amax'), floats([4]), floats([4, 1, 4]));
    expect(pull(floats([6])).map((gradient) => gradient.toArray())).toEqual([[2], [2, 0, 2]]);
  });
});

test('NaN and infinities', () => {
  expect(scatterReduce(floats([1, 2]), 0, whole([0, 1]), floats([NaN, Infinity]), 'amax').toArray()).toEqual([
    NaN,
    Infinity,
  ]);
  expect(
    scatterReduce(floats([9]), 0, whole([0]), floats([-Infinity]), 'amax', { includeSelf: false }).toArray(),
  ).toEqual([-Infinity]);
});

test('whole numbers, and a tensor without dims', () => {
  expect(scatterReduce(whole([5, 5]), 0, whole([0]), whole([7]), 'amin', { includeSelf: false }).toArray()).toEqual([
    7, 5,
  ]);
  expect(scatterReduce(floats(2), 0, whole(0), floats(5), 'prod').item()).toBe(10);
  expect(indexReduce(floats(2), 0, whole([0]), floats(5), 'mean').item()).toBe(3.5);
});

test('indexReduce joins whole slices', () => {
  const x = floats([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const source = floats([
    [10, 1],
    [20, 2],
  ]);
  expect(indexReduce(x, 0, whole([2, 2]), source, 'prod').toArray()).toEqual([
    [1, 2],
    [3, 4],
    [1000, 12],
  ]);
  expect(indexReduce(x, 0, whole([0, 2]), source, 'amax').toArray()).toEqual([
    [10, 2],
    [3, 4],
    [20, 6],
  ]);
  expect(indexReduce(x, 0, whole([1, 1]), source, 'mean', { includeSelf: false }).toArray()).toEqual([
    [1, 2],
    [15, 1.5],
    [5, 6],
  ]);
  assertGradients((a, b) => indexReduce(a, 0, whole([2, 1]), b, 'prod'), [x, source], { order: 2 });
});

test('scatter adds and multiplies, too', () => {
  const x = floats([1, 2, 3]);
  expect(scatter(x, 0, whole([0, 0]), floats([5, 6]), { reduce: 'add' }).toArray()).toEqual([12, 2, 3]);
  expect(scatter(x, 0, whole([0, 2]), 4, { reduce: 'multiply' }).toArray()).toEqual([4, 2, 12]);
});

test('say what is wrong', () => {
  const [x, index] = [floats([1, 2]), whole([0])];
  expect(() => scatterReduce(x, 0, index, x, 'max' as 'amax')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scatterReduce: no such reduction
      got:   'max'
      needs: 'sum', 'prod', 'mean', 'amax', 'amin'
      fix:   scatter(…, { reduce: 'add' }) is 'sum' here]
  `);
  expect(() => indexReduce(x, 0, index, floats([1]), 'sum' as 'prod')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: indexReduce: no such reduction
      got:   'sum'
      needs: 'prod', 'mean', 'amax', 'amin'
      fix:   indexAdd gives the sum]
  `);
  expect(() => scatterReduce(whole([1]), 0, index, whole([1]), 'mean')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scatterReduce: 'mean' is not defined for dtype int32
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')]
  `);
  expect(() => scatterReduce(x, 0, whole([2]), x, 'amax')).toThrow('an index is out of range');
  expect(() => scatterReduce(x, 0, index, tensor([1]), 'sum')).toThrow('the source does not fit');
  expect(() => indexReduce(x, 0, index, x, 'prod')).toThrow('indexReduce: the source does not fit');
  expect(() => scatter(x, 0, index, x, { reduce: 'amax' as 'add' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scatter: no such reduction
      got:   'amax'
      needs: 'add' or 'multiply', or null to replace
      fix:   scatterReduce has 'sum', 'prod', 'mean', 'amax' and 'amin']
  `);
});
