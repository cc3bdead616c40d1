import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countUndrawable, rangeOf, readBlock, readNumbers } from './values.ts';

const size = fc.integer({ min: 1, max: 4 });

test('nested arrays and a tensor of the same entries are the same block', () => {
  fc.assert(
    fc.property(size, size, size, (n, h, w) => {
      const entries = Float64Array.from({ length: n * h * w }, (_, i) => i);
      const nested = Array.from({ length: n }, (_, a) =>
        Array.from({ length: h }, (_, b) => entries.slice((a * h + b) * w, (a * h + b + 1) * w)),
      );
      const dims = ['n', 'h', 'w'];
      const fromNested = readBlock('test', nested, dims);
      const fromTensor = readBlock('test', { shape: [n, h, w], toTypedArray: () => entries }, dims);
      expect(fromNested.shape).toEqual(fromTensor.shape);
      expect(Array.from(fromNested.values)).toEqual(Array.from(fromTensor.values));
    }),
  );
});

test('empty nested arrays have all their dims', () => {
  expect(readBlock('test', [], ['n', 'h', 'w']).shape).toEqual([0, 0, 0]);
  expect(readBlock('test', [[], []], ['rows', 'columns']).shape).toEqual([2, 0]);
});

test('rows of unequal length and a wrong number of dims are told', () => {
  expect(() => readBlock('test', [[1, 2], [3]], ['rows', 'columns'])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: test: the rows are not equally long
      got:   shape [2] at 0 and [1] at 1
      needs: parts of one shape
      fix:   make the rows equally long]
  `);
  expect(() => readBlock('test', [1, 2], ['rows', 'columns'])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: test: the data has 1 dims instead of 2
      got:   shape [2]
      needs: shape [rows, columns]
      fix:   reshape it, or pass nested arrays]
  `);
});

test('numbers of a tensor of any shape', () => {
  const tensor = { shape: [2, 2], toTypedArray: () => Float32Array.of(1, 2, 3, 4) };
  expect(readNumbers(tensor)).toEqual(Float32Array.of(1, 2, 3, 4));
});

test('the range leaves out what is not finite', () => {
  expect(
    rangeOf([
      [3, Number.NaN],
      [Number.POSITIVE_INFINITY, -1],
    ]),
  ).toEqual([-1, 3]);
  expect(rangeOf([[Number.NaN], []])).toBeUndefined();
  expect(countUndrawable([1, Number.NaN, Number.NEGATIVE_INFINITY, -0, 1e301])).toBe(3);
});
