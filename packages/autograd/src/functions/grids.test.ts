import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cartesianProd, combinations, meshgrid, type Tensor, tensor, vander } from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { byEntry, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });
const lists = fc.array(
  fc.integer({ min: 0, max: 3 }).chain((length) => drawTensor([length])),
  { minLength: 1, maxLength: 3 },
);

test('meshgrid gives each point its coordinates, with the first two dims swapped for images', () => {
  fc.assert(
    fc.property(lists, (given) => {
      const shape = given.map(({ length }) => length);
      const grids = meshgrid(given);
      grids.forEach((grid, d) => {
        expectSame(
          grid,
          byEntry(shape, (place) => entryAt(given[d], [place[d]])),
        );
      });
      const images = meshgrid(given, { indexing: 'xy' });
      images.forEach((image, d) => {
        expectSame(image, given.length > 1 ? grids[d].transpose(0, 1) : grids[d]);
      });
    }),
  );
});

test('cartesianProd gives one of each list in every way', () => {
  fc.assert(
    fc.property(lists, (given) => {
      const expected = given.reduce<number[][]>(
        (rows, list) => rows.flatMap((row) => [...list.toTypedArray()].map((entry) => [...row, entry])),
        [[]],
      );
      expect(cartesianProd(given).toArray()).toEqual(given.length === 1 ? expected.flat() : expected);
    }),
  );
});

test('combinations choose entries in their order', () => {
  expect(combinations(floats([5, 6, 7])).toArray()).toEqual([
    [5, 6],
    [5, 7],
    [6, 7],
  ]);
  expect(combinations(floats([5, 6]), 2, { withReplacement: true }).toArray()).toEqual([
    [5, 5],
    [5, 6],
    [6, 6],
  ]);
  expect(combinations(floats([5, 6, 7, 8]), 3).shape).toEqual([4, 3]);
  expect(combinations(floats([5]), 2).shape).toEqual([0, 2]);
  expect(combinations(floats([5, 6]), 1).toArray()).toEqual([[5], [6]]);
  expectLinear((x) => combinations(x), floats([1, 2, 3]));
});

test('vander has powers as columns', () => {
  expect(vander(floats([2, 3])).toArray()).toEqual([
    [2, 1],
    [3, 1],
  ]);
  expect(vander(floats([2, 3]), 4, { increasing: true }).toArray()).toEqual([
    [1, 2, 4, 8],
    [1, 3, 9, 27],
  ]);
  expect(vander(floats([2, 3]), 0).shape).toEqual([2, 0]);
  expect(vander(tensor([0, 2], { dtype: 'int32' }), 3).toArray()).toEqual([
    [0, 0, 1],
    [4, 2, 1],
  ]);
  assertGradients((x) => vander(x, 4), [floats([0.5, -2, 0])], { order: 2 });
});

test('say what is wrong', () => {
  expect(() => meshgrid([floats([[1]])])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: meshgrid: not lists of one dtype
      got:   [1, 1] float64
      needs: at least one tensor, each of one dim, of one dtype
      fix:   flatten and convert them first: meshgrid([a, b])]
  `);
  expect(() => meshgrid([])).toThrow('no tensors');
  expect(() => meshgrid([floats([1])], { indexing: 'ji' as 'ij' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: meshgrid: no such indexing
      got:   'ji'
      needs: 'ij' or 'xy'
      fix:   leave it out for 'ij']
  `);
  expect(() => cartesianProd([floats([1]), tensor([1])])).toThrow('not lists of one dtype');
  expect(() => combinations(floats([1]), 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: combinations: not a choice from a list
      got:   r = 0, from a tensor of shape [1]
      needs: one dim, and a whole number from 1
      fix:   flatten the tensor first]
  `);
  expect(() => vander(floats([[1]]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: vander: not powers of a list
      got:   1 powers of a tensor of shape [1, 1]
      needs: one dim, and a whole number of powers from 0
      fix:   flatten the tensor first]
  `);
});
