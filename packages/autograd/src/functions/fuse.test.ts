import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arange, fuse, grad, noGrad, ones, type Tensor, tensor, zeros } from '../index.ts';

const both = fuse((x, y) => [x.mul(y), x.sub(y)]);

test('results go into parts of a larger tensor, whose other entries stay as they are', () => {
  fc.assert(
    fc.property(fc.nat(3), fc.nat(70), fc.nat(2), (rows, columns, gap) => {
      const x = arange(rows * columns)
        .to('float32')
        .reshape([rows, columns]);
      const whole = ones([rows, 2 * columns + gap]);
      const parts = [whole.narrow(1, 0, columns), whole.narrow(1, columns, columns)];
      expect(both.into(parts, x, 2)).toEqual(parts);
      expect(parts.map((part) => part.toArray())).toEqual([x.mul(2).toArray(), x.sub(2).toArray()]);
      expect(whole.narrow(1, 2 * columns, gap).toArray()).toEqual(ones([rows, gap]).toArray());
    }),
  );
});

test('where a derivative is asked for, targets are left alone', () => {
  const target = zeros([2]);
  const square = (x: Tensor): Tensor => both.into([target], x, x)[0].sum();
  expect(grad(square)(tensor([2, 3])).toArray()).toEqual([4, 6]);
  expect(target.toArray()).toEqual([0, 0]);
  noGrad(() => square(tensor([2, 3])));
  expect(target.toArray()).toEqual([4, 9]);
});

test('targets of other shapes or dtypes, or without a place for each entry, are refused', () => {
  const x = ones([2, 3]);
  const other = zeros([2, 3], { dtype: 'float64' });
  for (const target of [zeros([3, 2]), other, zeros([3]).expand([2, 3])]) {
    expect(() => both.into([target], x, x)).toThrow('fuse: a result cannot go into its target');
  }
  expect(() => both.into([zeros([3]).expand([2, 3])], x, x)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: fuse: a result cannot go into its target
      got:   a target of shape [2, 3], float32
      needs: [2, 3], float32, with a place for each entry
      fix:   make the target with zerosLike(the first operand), or take it from a larger tensor with narrow]
  `);
});
