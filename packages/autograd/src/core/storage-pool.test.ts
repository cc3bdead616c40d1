import { expect, test } from 'vitest';
import { giveBack, pool, type StorageSource, storagesTaken, takeStorage, withStoragesFrom } from './storage-pool.ts';

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

test('a source gives storages of any size as far as it has any, and takes its own back', () => {
  const [own] = [new Float32Array(3)];
  const back: unknown[] = [];
  const source: StorageSource = {
    take: (_, length) => (length === 3 ? own : undefined),
    giveBack: (x) => back.push(x),
  };
  const { result, taken } = storagesTaken(() =>
    withStoragesFrom(source, () => [takeStorage('float32', 3), takeStorage('float32', pool.smallest)]),
  );
  expect(result[0]).toEqual({ storage: own, used: true });
  expect(taken).toEqual(result.map(({ storage }) => storage));
  taken.forEach(giveBack);
  expect(back).toEqual([own]);
  expect(take()).toBe(result[1].storage);
  expect(takeStorage('float32', 3).storage).not.toBe(own);
});
