import fc from 'fast-check';
import { expect, test } from 'vitest';
import { index, randn, select, slice, tensor, zeros } from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { diagonal } from './diagonals.ts';
import { diagonalScatter, selectScatter, sliceScatter } from './replacing-parts.ts';

const shapes = fc.array(fc.nat(3), { minLength: 2, maxLength: 3 });

test('what is put into a diagonal is read there again, and all else stays', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: -2, max: 2 }), fc.boolean(), (shape, offset, turned) => {
      const options = turned ? { offset, dim1: -1, dim2: 0 } : { offset };
      const x = randn(shape, { dtype: 'float64' });
      const part = diagonal(x, options);
      const src = randn(part.shape, { dtype: 'float64' });
      const result = diagonalScatter(x, src, options);
      expect(diagonal(result, options).toArray()).toEqual(src.toArray());
      expect(diagonalScatter(result, part, options).toArray()).toEqual(x.toArray());
    }),
  );
});

test('what is put into a part of a dim is read there again, and all else stays', () => {
  const place = fc.option(fc.integer({ min: -4, max: 4 }));
  fc.assert(
    fc.property(shapes, place, place, fc.integer({ min: 1, max: 2 }), (shape, start, end, step) => {
      const x = randn(shape, { dtype: 'float64' });
      const part = index(x, '...', slice(start, end, step));
      const src = randn(part.shape, { dtype: 'float64' });
      const result = sliceScatter(x, src, { dim: -1, start, end, step });
      expect(index(result, '...', slice(start, end, step)).toArray()).toEqual(src.toArray());
      expect(sliceScatter(result, part, { dim: -1, start, end, step }).toArray()).toEqual(x.toArray());
    }),
  );
});

test('what is put at an index is read there again', () => {
  const result = selectScatter(zeros([2, 3]), tensor([4, 5]), 1, -1);
  expect(result.toArray()).toEqual([
    [0, 0, 4],
    [0, 0, 5],
  ]);
  expect(select(result, 1, 2).toArray()).toEqual([4, 5]);
});

test('what is replaced has no derivative, and the source has it', () => {
  const [x, src] = [randn([3, 3], { dtype: 'float64' }), randn([2], { dtype: 'float64' })];
  assertGradients((a, b) => diagonalScatter(a, b.square(), { offset: 1 }).sin(), { x, src }, { seed: 1 });
});

test('a source that does not fit is refused', () => {
  expect(() => selectScatter(zeros([2, 3]), zeros([3]), 1, 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: selectScatter: the source is not like the part that it replaces
      got:   [3] float32
      needs: [2] float32
      fix:   expand or convert the source; indexPut broadcasts it]
  `);
  expect(() => sliceScatter(zeros([4]), zeros([1]), { end: 2 })).toThrow(/sliceScatter: the source is not like/);
  expect(() => diagonalScatter(zeros([2, 2]), zeros([2], { dtype: 'float64' }))).toThrow(/needs: \[2\] float32/);
});
