import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexCopy, indexFill, put, type Tensor, take, tensor } from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { byEntry, drawIndices, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });
const whole = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'int32' });

const drawn = drawShape(1, 3, { min: 1 }).chain((shape) =>
  fc
    .record({ dim: fc.integer({ min: 0, max: shape.length - 1 }), count: fc.integer({ min: 0, max: 4 }) })
    .chain(({ dim, count }) =>
      fc.record({
        x: drawTensor(shape),
        dim: fc.constant(dim),
        list: drawIndices([count], 0, shape[dim] - 1),
        source: drawTensor(shape.with(dim, count)),
      }),
    ),
);

test('indexCopy and indexFill replace the slices of a list', () => {
  fc.assert(
    fc.property(drawn, ({ x, dim, list, source }) => {
      const at = [...list.toTypedArray()];
      const copied = byEntry(x.shape, (place) => {
        const last = at.lastIndexOf(place[dim]);
        return last < 0 ? entryAt(x, place) : entryAt(source, place.with(dim, last));
      });
      expectSame(indexCopy(x, dim, list, source), copied);
      expectLinear((y) => indexCopy(x.mul(0), dim - x.rank, list, y), source);
      const filled = byEntry(x.shape, (place) => (at.includes(place[dim]) ? 7 : entryAt(x, place)));
      expectSame(indexFill(x, dim, list, 7), filled);
      expectSame(indexFill(x, dim, list, floats(7)), filled);
      expectLinear((y) => indexFill(y, dim, list, 0), x);
    }),
  );
});

test('take and put read a tensor as one line', () => {
  const flat = fc.record({
    x: drawTensor([2, 3]),
    index: drawIndices([2, 2], -6, 5),
    source: drawTensor([4]),
  });
  fc.assert(
    fc.property(flat, ({ x, index, source }) => {
      const entries = [...x.toTypedArray()];
      const places = [...index.toTypedArray()];
      expectSame(
        take(x, index),
        byEntry([2, 2], ([i, j]) => entries.at(places[2 * i + j]) as number),
      );
      expectLinear((y) => take(y, index), x);
      const added = [...entries];
      const replaced = [...entries];
      places.forEach((place, i) => {
        added[(place + 6) % 6] += source.toTypedArray()[i];
        replaced[(place + 6) % 6] = source.toTypedArray()[i];
      });
      expectSame(
        put(x, index, source),
        byEntry([2, 3], ([i, j]) => replaced[3 * i + j]),
      );
      expectSame(
        put(x, index, source, { accumulate: true }),
        byEntry([2, 3], ([i, j]) => added[3 * i + j]),
      );
      assertGradients((a, b) => put(a, index, b), [x, source]);
    }),
    { numRuns: 40 },
  );
});

test('tensors without dims', () => {
  expect(indexCopy(floats(1), 0, whole([0]), floats(2)).item()).toBe(2);
  expect(indexFill(floats(1), 0, whole(0), 3).item()).toBe(3);
  expect(indexFill(tensor([true, false]), 0, whole([1]), 1).toArray()).toEqual([true, true]);
  expect(take(floats(4), whole([[0], [-1]])).toArray()).toEqual([[4], [4]]);
});

test('say what is wrong', () => {
  const x = floats([
    [1, 2],
    [3, 4],
  ]);
  expect(() => indexCopy(x, 0, whole([0]), floats([1]))).toThrow('indexCopy: the source does not fit');
  expect(() => indexCopy(x, 0, whole([2]), floats([[1, 2]]))).toThrow('an index is out of range');
  expect(() => indexFill(x, 0, whole([0]), floats([1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: indexFill: the value is not a single number
      got:   a value of shape [1]
      needs: a number, or a tensor without dims
      fix:   indexCopy puts a slice for each index]
  `);
  expect(() => take(x, whole([4]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: take: an index is out of range
      got:   index 4 of dim 0, which has size 4
      needs: -4 to 3
      fix:   check which dim the indices count, and that they count from 0]
  `);
  expect(() => put(x, whole([0]), floats([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: put: the source does not fit
      got:   2 entries of dtype float64 for 1 places of dtype float64
      needs: 1 entries of dtype float64
      fix:   one entry of the source for each place]
  `);
});
