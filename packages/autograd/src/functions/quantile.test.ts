import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nanquantile, type QuantileOptions, quantile, type Tensor, tensor, vjp } from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });

const interpolations = ['linear', 'lower', 'higher', 'midpoint', 'nearest'] as const;

/** The quantile of a list, from its definition. */
function quantileOf(list: readonly number[], q: number, interpolation: QuantileOptions['interpolation']): number {
  const sorted = list.toSorted((a, b) => a - b);
  const rank = q * (list.length - 1);
  const [below, above] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
  const share = rank - Math.floor(rank);
  if (interpolation === 'lower') return below;
  if (interpolation === 'higher') return above;
  if (interpolation === 'midpoint') return (below + above) / 2;
  if (interpolation === 'linear') return below + share * (above - below);
  const isEven = Math.floor(rank) % 2 === 0;
  return share < 0.5 || (share === 0.5 && isEven) ? below : above;
}

test('follows its definition, for every interpolation, along a dim or of all entries', () => {
  const drawn = drawShape(1, 3, { min: 1, max: 5 }).chain((shape) =>
    fc.record({
      x: drawTensor(shape),
      dim: fc.integer({ min: 0, max: shape.length - 1 }),
      q: fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8),
      interpolation: fc.constantFrom(...interpolations),
      keepDim: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(drawn, ({ x, dim, q, interpolation, keepDim }) => {
      const kept = x.shape.with(dim, 1);
      const dropped = keepDim ? kept : kept.toSpliced(dim, 1);
      const expected = byEntry(kept, (place) =>
        quantileOf(
          Array.from({ length: x.shape[dim] }, (_, i) => entryAt(x, place.with(dim, i))),
          q,
          interpolation,
        ),
      );
      for (const f of [quantile, nanquantile]) {
        const got = f(x, q, dim, { interpolation, keepDim });
        expect(got.shape).toEqual(dropped);
        got.toTypedArray().forEach((entry, i) => {
          expect(entry).toBeCloseTo(expected.toTypedArray()[i], 12);
        });
        const all = f(x, q, null, { interpolation, keepDim });
        expect(all.shape).toEqual(keepDim ? x.shape.map(() => 1) : []);
        expect(all.item()).toBeCloseTo(quantileOf([...x.toTypedArray()], q, interpolation), 12);
      }
    }),
  );
});

test('a list of quantiles comes first', () => {
  const x = floats([
    [0, 10],
    [1, 30],
    [2, 20],
  ]);
  expect(quantile(x, floats([0, 0.5, 1]), 0).toArray()).toEqual([
    [0, 10],
    [1, 20],
    [2, 30],
  ]);
  expect(quantile(x, floats([0.5]), 1, { keepDim: true }).shape).toEqual([1, 3, 1]);
  expect(quantile(x, floats(0.5), 1).shape).toEqual([3]);
  expect(quantile(floats(4), 0.3).item()).toBe(4);
  expect(quantile(x, floats([0, 1])).toArray()).toEqual([0, 30]);
});

test('NaN makes a quantile NaN, unless it does not count', () => {
  const x = floats([
    [1, NaN, 3],
    [1, 2, 3],
    [NaN, NaN, NaN],
  ]);
  expect(quantile(x, 0.5, 1).toArray()).toEqual([NaN, 2, NaN]);
  expect(nanquantile(x, 0.5, 1).toArray()).toEqual([2, 2, NaN]);
  expect(nanquantile(x, floats([0, 1]), 1).toArray()).toEqual([
    [1, 1, NaN],
    [3, 3, NaN],
  ]);
});

test('the derivative goes to the entries between which a quantile lies, and to q', () => {
  const [, pull] = vjp((x, q) => quantile(x, q), floats([3, 0, 8]), floats(0.75));
  const [byX, byQ] = pull(floats(1));
  expect(byX.toArray()).toEqual([0.5, 0, 0.5]);
  expect(byQ.toArray()).toBe(10);
  const x = floats([
    [3.1, 0.2, 8.4, 1],
    [0.5, 1.5, -2, 7],
  ]);
  assertGradients((y) => quantile(y, floats([0.2, 0.7]), 1), [x]);
  assertGradients((y) => nanquantile(y, 0.4, 0), [x]);
});

test('says what is wrong', () => {
  const x = floats([1, 2]);
  expect(() => quantile(x, 50)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: quantile: q is no share
      got:   q = 50
      needs: a number from 0 to 1
      fix:   divide percents by 100: the median is 0.5]
  `);
  expect(() => quantile(x, tensor([0.5]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: quantile: q does not fit
      got:   q of shape [1] and dtype float32, for dtype float64
      needs: a number, or a tensor of at most one dim and dtype float64
      fix:   convert it: q.to('float64')]
  `);
  expect(() => quantile(x, 0.5, 0, { interpolation: 'cubic' as 'linear' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: quantile: no such interpolation
      got:   'cubic'
      needs: 'linear', 'lower', 'higher', 'midpoint', 'nearest'
      fix:   leave it out for 'linear']
  `);
  expect(() => quantile(tensor([1], { dtype: 'int32' }), 0.5)).toThrow('not defined for whole numbers');
  expect(() => quantile(tensor([]), 0.5)).toThrow('nothing to choose from');
});
