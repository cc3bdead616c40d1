import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argsort, bucketize, searchsorted, sort, type Tensor, tensor } from '../index.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectSame } from './expect-linear.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });

const drawn = drawShape(0, 2, { max: 3 }).chain((lead) =>
  fc.record({
    numbers: fc.integer({ min: 0, max: 6 }).chain((size) => drawTensor([...lead, size])),
    values: fc.integer({ min: 0, max: 4 }).chain((count) => drawTensor([...lead, count])),
    right: fc.boolean(),
  }),
);

test('counts the numbers of a line that are smaller, or not larger', () => {
  fc.assert(
    fc.property(drawn, ({ numbers, values, right }) => {
      const last = numbers.rank - 1;
      const expected = byEntry(values.shape, (place) => {
        const line = Array.from({ length: numbers.shape[last] }, (_, i) => entryAt(numbers, place.with(last, i)));
        const value = entryAt(values, place);
        return line.filter((entry) => (right ? entry <= value : entry < value)).length;
      });
      const sorted = sort(numbers).values;
      expectSame(searchsorted(sorted, values, { right }).to('float64'), expected);
      expectSame(searchsorted(sorted, values, { side: right ? 'right' : 'left' }).to('float64'), expected);
      expectSame(searchsorted(numbers, values, { right, sorter: argsort(numbers) }).to('float64'), expected);
      if (numbers.rank === 1) expectSame(bucketize(values, sorted, { right }).to('float64'), expected);
    }),
  );
});

test('one line serves values of any shape, or a number', () => {
  const line = floats([1, 3, 5]);
  expect(
    searchsorted(
      line,
      floats([
        [0, 3],
        [4, 9],
      ]),
    ).toArray(),
  ).toEqual([
    [0, 1],
    [2, 3],
  ]);
  expect(searchsorted(line, 3, { right: true }).item()).toBe(2);
  expect(bucketize(5, line).item()).toBe(2);
  expect(bucketize(tensor([2, 6], { dtype: 'int32' }), line).toArray()).toEqual([1, 3]);
});

test('infinities have their places, and NaN is the largest', () => {
  const line = floats([-Infinity, 0, Infinity]);
  expect(searchsorted(line, floats([-Infinity, Infinity, NaN])).toArray()).toEqual([0, 2, 3]);
  expect(searchsorted(line, floats([-Infinity, Infinity, NaN]), { right: true }).toArray()).toEqual([1, 3, 3]);
});

test('say what is wrong', () => {
  const lines = floats([
    [1, 2],
    [3, 4],
  ]);
  expect(() => searchsorted(lines, floats([1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: searchsorted: the lines do not pair up
      got:   numbers of shape [2, 2], values of shape [1]
      needs: one line of numbers, or equal sizes in all dims but the last
      fix:   give one line of sorted numbers for each line of values]
  `);
  expect(() => searchsorted(lines, 1)).toThrow('the lines do not pair up');
  expect(() => searchsorted(lines, lines, { side: 'left', right: true })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: searchsorted: side contradicts right
      got:   side 'left' and right true
      needs: one of them, or both alike
      fix:   leave out right: { side: 'left' }]
  `);
  expect(() =>
    searchsorted(lines, lines, { sorter: tensor([0, 1], { dtype: 'int32' }) }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: searchsorted: the sorter does not fit
      got:   a sorter of shape [2] for numbers of shape [2, 2]
      needs: [2, 2]
      fix:   argsort(x) gives one]
  `);
  expect(() => bucketize(1, lines)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: bucketize: the boundaries are not a list
      got:   shape [2, 2]
      needs: one dim
      fix:   searchsorted takes a list of boundaries for each line]
  `);
});
