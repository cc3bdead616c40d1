import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arange, tensor } from '../index.ts';
import { unravelIndex } from './unravel-index.ts';

test('the entries at the places found are those counted', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), (shape) => {
      const length = shape.reduce((product, size) => product * size, 1);
      const counted = arange(0, length, 1, { dtype: 'int32' });
      const places = unravelIndex(counted, shape);
      expect(
        counted
          .reshape(shape)
          .index(...places)
          .toArray(),
      ).toEqual(counted.toArray());
    }),
  );
});

test('keeps the shape of the indices', () => {
  const indices = tensor(
    [
      [0, 5],
      [3, 1],
    ],
    { dtype: 'int32' },
  );
  expect(unravelIndex(indices, [2, 3]).map((x) => x.toArray())).toEqual([
    [
      [0, 1],
      [1, 0],
    ],
    [
      [0, 2],
      [0, 1],
    ],
  ]);
});

test('a place beyond the shape is refused', () => {
  expect(() => unravelIndex(tensor([6], { dtype: 'int32' }), [2, 3])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: unravelIndex: an index is out of range
      got:   index 6 of dim 0, which has size 6
      needs: 0 to 5
      fix:   check which dim the indices count, and that they count from 0]
  `);
  expect(() => unravelIndex(tensor([1]), [2, 3])).toThrow(/unravelIndex/);
});
