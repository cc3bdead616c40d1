import { expect, test } from 'vitest';
import { empty, emptyLike, fullLike, linspace, logspace, onesLike, tensor, zerosLike } from '../index.ts';

test('tensors like another have its shape and, unless asked otherwise, its dtype', () => {
  const x = tensor([[1, 2]], { dtype: 'int32' });
  expect(fullLike(x, 7).toArray()).toEqual([[7, 7]]);
  for (const like of [zerosLike(x), onesLike(x), emptyLike(x), fullLike(x, 1)]) {
    expect([like.shape, like.dtype]).toEqual([[1, 2], 'int32']);
  }
  expect(onesLike(x, { dtype: 'float64', requiresGrad: true }).requiresGrad).toBe(true);
  expect(zerosLike(x, { dtype: 'bool' }).toArray()).toEqual([[false, false]]);
  expect(empty([2, 0]).shape).toEqual([2, 0]);
});

test('logspace has powers at equal distances', () => {
  expect(logspace(-1, 1, 3, { dtype: 'float64' }).toArray()).toEqual([0.1, 1, 10]);
  expect(logspace(0, 3, 4, { base: 2 }).toArray()).toEqual([1, 2, 4, 8]);
  expect(logspace(2, 9, 1).toArray()).toEqual([100]);
  expect(logspace(0, 1, 0).shape).toEqual([0]);
  expect(linspace(0, 1, 3).toArray()).toEqual([0, 0.5, 1]);
});
