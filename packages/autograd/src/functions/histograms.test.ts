import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bincount, histc, type Tensor, tensor } from '../index.ts';
import { drawIndices, drawTensor } from './draw-tensor.ts';
import { expectLinear } from './expect-linear.ts';

const floats = (data: readonly number[] | readonly (readonly number[])[]): Tensor => tensor(data, { dtype: 'float64' });
const whole = (data: readonly number[]): Tensor => tensor(data, { dtype: 'int32' });

test('bincount counts each number, or adds up its weights', () => {
  const lists = fc.integer({ min: 0, max: 6 }).chain((length) =>
    fc.record({
      list: drawIndices([length], 0, 5),
      weights: drawTensor([length]),
      minlength: fc.integer({ min: 0, max: 8 }),
    }),
  );
  fc.assert(
    fc.property(lists, ({ list, weights, minlength }) => {
      const entries = [...list.toTypedArray()];
      const length = Math.max(minlength, ...entries.map((entry) => entry + 1));
      const expected = Array.from({ length }, (_, k) => entries.filter((entry) => entry === k).length);
      expect(bincount(list, null, { minlength }).toArray()).toEqual(expected);
      const sums = Array.from({ length }, (_, k) =>
        entries.reduce((sum, entry, i) => (entry === k ? sum + weights.toTypedArray()[i] : sum), 0),
      );
      expect([...bincount(list, weights, { minlength }).toTypedArray()].map((sum) => sum + 0)).toEqual(sums);
      expectLinear((w) => bincount(list, w), weights);
    }),
  );
  expect(bincount(whole([1, 1]), whole([2, 3])).dtype).toBe('float32');
  expect(bincount(whole([]), null).shape).toEqual([0]);
});

test('histc counts in intervals, the last one with its end', () => {
  const x = floats([
    [0, 0.5, 1],
    [1.5, 3, NaN],
  ]);
  expect(histc(x, { bins: 3, min: 0, max: 3 }).toArray()).toEqual([2, 2, 1]);
  expect(histc(x, { bins: 2, min: 0.5, max: 1 }).toArray()).toEqual([1, 1]);
  expect(histc(floats([1, 2, 4]), { bins: 3 }).toArray()).toEqual([1, 1, 1]);
  expect(histc(floats([5, 5]), { bins: 2 }).toArray()).toEqual([0, 2]);
  expect(histc(floats([]), { bins: 2 }).toArray()).toEqual([0, 0]);
  expect(histc(floats([1])).length).toBe(100);
  expect(histc(tensor([1])).dtype).toBe('float32');
});

test('say what is wrong', () => {
  expect(() => bincount(whole([0, -1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: bincount: a negative number cannot be counted
      got:   -1
      needs: whole numbers from 0
      fix:   subtract the smallest one first: x.sub(x.amin())]
  `);
  expect(() => bincount(whole([0, 1]), floats([1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: bincount: not a list of numbers, and a weight for each
      got:   numbers of shape [2], weights of shape [1]
      needs: one dim, and weights of the same length
      fix:   flatten both first]
  `);
  expect(() => bincount(whole([0]), null, { minlength: -1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: bincount: not a length
      got:   minlength -1
      needs: a whole number from 0
      fix:   leave it out]
  `);
  expect(() => bincount(floats([0]))).toThrow('the indices are not whole numbers');
  expect(() => histc(floats([1]), { min: 2, max: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: histc: not a range of bins
      got:   100 bins from 2 to 1
      needs: a whole number from 1, and finite ends of which max is the larger one
      fix:   leave out both ends to reach from the smallest entry to the largest]
  `);
  expect(() => histc(floats([1, Infinity]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: histc: the entries have no finite range
      got:   entries from 1 to Infinity
      needs: finite entries, or a range
      fix:   histc(x, { bins: 100, min: -1, max: 1 }) leaves out what lies beyond]
  `);
  expect(() => histc(whole([1]))).toThrow('not defined for whole numbers');
});
