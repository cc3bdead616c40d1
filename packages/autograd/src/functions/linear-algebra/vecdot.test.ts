import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batches, expectClose } from '../../arbitraries/test-matrices.ts';
import { tensor, vecdot, zeros } from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';

test('is the sum of products along a dim', () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: -4, max: 3 }), (x, dim) => {
      const y = x.select(0, 0);
      expectClose(vecdot(x, y, dim), x.mul(y).sum(dim));
    }),
    { numRuns: 20 },
  );
  assertGradients(
    (x, y) => vecdot(x, y),
    [
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([5, 6]),
    ],
    { order: 2 },
  );
});

test('of nothing is 0', () => {
  expect(vecdot(zeros([2, 0]), zeros([2, 0])).toArray()).toEqual([0, 0]);
});

test('says what does not fit', () => {
  expect(() => vecdot(zeros([2]), zeros([3]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: vecdot: the shapes do not broadcast
      got:   [2] with [3]: 2 against 3 in dim -1
      needs: sizes that, counted from the last dim, are equal or one of them 1
      fix:   reshape, transpose or unsqueeze one operand so that the dims that belong together line up]
  `);
  expect(() => vecdot(zeros([2]), zeros([2], { dtype: 'float64' }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: vecdot: the dtypes differ
      got:   float32 and float64
      needs: one dtype
      fix:   convert one operand: x.to('float64')]
  `);
  expect(() => vecdot(zeros([2]), zeros([2]), 1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: vecdot: dim out of range
      got:   dim 1 for a tensor of 1 dims
      needs: a whole number from -1 to 0
      fix:   count dims from 0, or from the end with -1; print x.shape to see them]
  `);
});
