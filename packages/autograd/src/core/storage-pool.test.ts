import { expect, test } from 'vitest';
import { giveBack, pool, storagesTaken, takeStorage } from './storage-pool.ts';

const take = () => takeStorage('float32', pool.smallest).storage;

test('storages taken meanwhile are told of, inside and outside, but for those that were given back', () => {
  const { result, taken } = storagesTaken(() => {
    const first = take();
    const inner = storagesTaken(() => {
      const [kept, returned] = [take(), take()];
      giveBack(returned);
      giveBack(first);
      return kept;
    });
    expect(inner.taken).toEqual([inner.result]);
    return inner.result;
  });
  expect(taken).toEqual([result]);
});

test('a storage that is taken again is told of once', () => {
  const { result, taken } = storagesTaken(() => {
    giveBack(take());
    return take();
  });
  expect(taken).toEqual([result]);
});
