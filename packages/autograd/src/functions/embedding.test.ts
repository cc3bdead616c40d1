import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vjp } from '../transforms/vjp.ts';
import { to } from './arithmetic.ts';
import { tensor } from './creation.ts';
import { byEntry, drawIndices, drawShape, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { embedding, oneHot } from './embedding.ts';
import { expectLinear, expectSame } from './expect-linear.ts';

const whole = (data: number | readonly number[] | readonly (readonly number[])[]) => tensor(data, { dtype: 'int32' });

test('oneHot has a one where the label points', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 4 })
        .chain((classes) =>
          drawShape(0, 2).chain((shape) => fc.tuple(fc.constant(classes), drawIndices(shape, 0, classes - 1))),
        ),
      ([classes, labels]) => {
        const rows = oneHot(labels, classes);
        expect(rows.dtype).toBe('int32');
        expectSame(
          to(rows, 'float64'),
          byEntry([...labels.shape, classes], (place) =>
            Number(entryAt(labels, place.slice(0, -1)) === place[place.length - 1]),
          ),
        );
      },
    ),
  );
});

test('oneHot counts the classes where it is not told', () => {
  expect(oneHot(whole([2, 0])).shape).toEqual([2, 3]);
});

const lookups = fc
  .record({ rows: fc.integer({ min: 1, max: 4 }), features: drawShape(1, 2) })
  .chain(({ rows, features }) =>
    fc.record({
      weight: drawTensor([rows, ...features]),
      indices: drawShape(0, 2).chain((shape) => drawIndices(shape, 0, rows - 1)),
      cotangent: fc.integer({ min: 1, max: 5 }),
      padding: fc.integer({ min: -rows, max: rows - 1 }),
    }),
  );

test('embedding takes rows of the weight', () => {
  fc.assert(
    fc.property(lookups, ({ weight, indices, padding }) => {
      const rank = indices.rank;
      const expected = byEntry([...indices.shape, ...weight.shape.slice(1)], (place) =>
        entryAt(weight, [entryAt(indices, place.slice(0, rank)), ...place.slice(rank)]),
      );
      expectSame(embedding(indices, weight), expected);
      expectSame(embedding(indices, weight, { paddingIdx: padding, scaleGradByFreq: true }), expected);
      expectLinear((w) => embedding(indices, w), weight);
    }),
  );
});

test('embedding leaves the padding row without derivative and shares the others by frequency', () => {
  fc.assert(
    fc.property(lookups, ({ weight, indices, padding, cotangent }) => {
      const [rows] = weight.shape;
      const options = { paddingIdx: padding, scaleGradByFreq: true };
      const [value, pull] = vjp((w) => embedding(indices, w, options), weight);
      const [gradient] = pull(byEntry(value.shape, () => cotangent));
      const used = new Set(placesOf(indices.shape).map((place) => entryAt(indices, place)));
      used.delete((padding + rows) % rows);
      const got = Array.from(gradient.toTypedArray());
      const wanted = placesOf(weight.shape).map(([row]) => (used.has(row) ? cotangent : 0));
      got.forEach((entry, i) => {
        expect(entry).toBeCloseTo(wanted[i], 12);
      });
    }),
  );
});

test('errors of labels and indices say what is wrong', () => {
  const weight = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(() => oneHot(whole([1, 3]), 3)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: oneHot: an index is out of range
      got:   index 3 of dim 1, which has size 3
      needs: 0 to 2
      fix:   check which dim the indices count, and that they count from 0]
  `);
  expect(() => oneHot(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: oneHot: the indices are not whole numbers
      got:   dtype float32
      needs: dtype int32
      fix:   tensor([0, 2], { dtype: 'int32' }), or convert: indices.to('int32')]
  `);
  expect(() => oneHot(whole([]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: oneHot: no labels to count the classes of
      got:   labels of shape [0]
      needs: the number of classes
      fix:   oneHot(labels, classes)]
  `);
  expect(() => embedding(whole([0, 2]), weight)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embedding: an index is out of range
      got:   index 2 of dim 0, which has size 2
      needs: 0 to 1
      fix:   check which dim the indices count, and that they count from 0]
  `);
  expect(() => embedding(whole([-1]), weight)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embedding: an index is out of range
      got:   index -1 of dim 0, which has size 2
      needs: 0 to 1
      fix:   add the size to negative indices: -1 counted from the end is 1]
  `);
  expect(() => embedding(weight, whole([0]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embedding: the indices are not whole numbers
      got:   dtype float32
      needs: dtype int32
      fix:   tensor([0, 2], { dtype: 'int32' }), or convert: indices.to('int32')]
  `);
  expect(() => embedding(whole([0]), weight, { paddingIdx: 2 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embedding: paddingIdx: index out of range
      got:   index 2 of dim 0, which has size 2
      needs: -2 to 1
      fix:   check which dim the index counts]
  `);
});
