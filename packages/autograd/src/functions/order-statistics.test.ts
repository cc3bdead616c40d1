import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kthvalue, median, mode, nanmedian, type Tensor, tensor, vjp } from '../index.ts';
import { byEntry, drawShape, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { expectSame } from './expect-linear.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });

const lines = drawShape(1, 3, { min: 1, max: 5 }).chain((shape) =>
  fc.record({
    x: drawTensor(shape),
    dim: fc.integer({ min: 0, max: shape.length - 1 }),
    share: fc.double({ min: 0, max: 0.999, noNaN: true }),
    keepDim: fc.boolean(),
  }),
);

/** The entries of the line that a place of the result stands for, which has size one in the dim. */
function lineAt(x: Tensor, place: readonly number[], dim: number): number[] {
  return Array.from({ length: x.shape[dim] }, (_, i) => entryAt(x, place.with(dim, i)));
}

/** Expects values chosen from each line, the indices where they stand, and the derivative to go there. */
function expectChosen(
  x: Tensor,
  dim: number,
  keepDim: boolean,
  choose: (y: Tensor) => { values: Tensor; indices: Tensor },
  expected: (line: readonly number[]) => number,
): void {
  const shape = x.shape.with(dim, 1);
  const { values, indices } = choose(x);
  const dropped = keepDim ? shape : shape.toSpliced(dim, 1);
  expectSame(values, byEntry(shape, (place) => expected(lineAt(x, place, dim))).reshape(dropped));
  const at = indices.reshape(shape);
  for (const place of placesOf(shape)) {
    expect(entryAt(x, place.with(dim, entryAt(at, place)))).toBe(entryAt(values.reshape(shape), place));
  }
  const [, pull] = vjp((y) => choose(y).values, x);
  const [gradient] = pull(byEntry(values.shape, () => 2));
  expectSame(
    gradient,
    byEntry(x.shape, (place) => (entryAt(at, place.with(dim, 0)) === place[dim] ? 2 : 0)),
  );
}

const sorted = (line: readonly number[]): number[] => line.toSorted((a, b) => a - b);

test('kthvalue, median and nanmedian choose from the sorted line', () => {
  fc.assert(
    fc.property(lines, ({ x, dim, share, keepDim }) => {
      const k = Math.floor(share * x.shape[dim]);
      expectChosen(
        x,
        dim,
        keepDim,
        (y) => kthvalue(y, k + 1, dim, { keepDim }),
        (line) => sorted(line)[k],
      );
      const middle = (line: readonly number[]): number => sorted(line)[Math.floor((line.length - 1) / 2)];
      expectChosen(x, dim, keepDim, (y) => median(y, dim - x.rank, { keepDim }), middle);
      expectChosen(x, dim, keepDim, (y) => nanmedian(y, dim, { keepDim }), middle);
      expect(median(x).item()).toBe(middle([...x.toTypedArray()]));
      expect(nanmedian(x).item()).toBe(middle([...x.toTypedArray()]));
    }),
  );
});

test('mode is the smallest of the commonest entries, at its last place', () => {
  fc.assert(
    fc.property(lines, ({ x, dim, keepDim }) => {
      const few = byEntry(x.shape, (place) => entryAt(x, place) % 3);
      const commonest = (line: readonly number[]): number => {
        const counts = sorted(line).map((entry) => line.filter((other) => other === entry).length);
        return sorted(line)[counts.indexOf(Math.max(...counts))];
      };
      expectChosen(few, dim, keepDim, (y) => mode(y, dim, { keepDim }), commonest);
      const { values, indices } = mode(few, dim, { keepDim: true });
      for (const place of placesOf(values.shape)) {
        expect(entryAt(indices, place)).toBe(lineAt(few, place, dim).lastIndexOf(entryAt(values, place)));
      }
    }),
  );
});

describe('NaN', () => {
  const x = floats([3, NaN, 1, 2, NaN]);

  test('is the median where there is one, at its first place', () => {
    expect(median(x).item()).toBeNaN();
    expect(median(x, 0).values.item()).toBeNaN();
    expect(median(x, 0).indices.item()).toBe(1);
  });

  test('does not count for nanmedian, unless there is nothing else', () => {
    expect(nanmedian(x).item()).toBe(2);
    expect(nanmedian(x, 0).indices.item()).toBe(3);
    expect(nanmedian(floats([NaN, NaN])).item()).toBeNaN();
    expect(nanmedian(floats([[NaN, NaN]]), 1).values.toArray()).toEqual([NaN]);
  });

  test('is the largest for kthvalue, and equals nothing for mode', () => {
    expect(kthvalue(x, 4).indices.item()).toBe(1);
    expect(mode(floats([NaN, NaN, 7, 8])).values.item()).toBe(7);
  });
});

test('the median of all entries shares the derivative among equal ones, or NaNs', () => {
  const gradientOf = (f: (x: Tensor) => Tensor, data: readonly number[]): unknown => {
    const [, pull] = vjp(f, floats(data));
    return pull(floats(6))[0].toArray();
  };
  expect(gradientOf(median, [2, 1, 2, 3])).toEqual([3, 0, 3, 0]);
  expect(gradientOf(median, [2, NaN, 1, NaN])).toEqual([0, 3, 0, 3]);
  expect(gradientOf(nanmedian, [2, NaN, 2, 3])).toEqual([3, 0, 3, 0]);
});

test('whole numbers and single numbers', () => {
  expect(median(tensor([3, 1, 2], { dtype: 'int32' })).dtype).toBe('int32');
  expect(mode(tensor([3, 1, 3], { dtype: 'int32' })).values.item()).toBe(3);
  expect(median(floats(5), 0).values.shape).toEqual([]);
  expect(kthvalue(floats(5), 1).indices.item()).toBe(0);
  expect(mode(floats(5)).values.item()).toBe(5);
  expect(median(tensor([], { dtype: 'float64' })).item()).toBeNaN();
});

test('say what is wrong', () => {
  const x = floats([[1, 2, 3]]);
  expect(() => kthvalue(x, 4)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: kthvalue: k is out of range
      got:   k = 4 along dim -1 of shape [1, 3]
      needs: a whole number from 1, for the smallest, to 3
      fix:   k counts from 1; topk gives the k largest]
  `);
  expect(() => kthvalue(x, 0)).toThrow('k is out of range');
  expect(() => median(tensor([]), 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: median: nothing to choose from
      got:   shape [0], reduced over dims [0]
      needs: at least one entry in what is reduced
      fix:   check the sizes; an empty sum is 0, but an empty maximum is nothing]
  `);
  expect(() => mode(x, 2)).toThrow('dim out of range');
});
