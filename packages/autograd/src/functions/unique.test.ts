import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexSelect, type Tensor, tensor, unique, uniqueConsecutive } from '../index.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectSame } from './expect-linear.ts';

const all = { returnInverse: true, returnCounts: true } as const;
const few = drawShape(0, 3, { max: 4 })
  .chain((shape) => drawTensor(shape))
  .map((x) => byEntry(x.shape, (place) => Math.abs(entryAt(x, place)) % 3));

test('the different entries rise, and the inverse leads back', () => {
  fc.assert(
    fc.property(few, (x) => {
      const { values, inverseIndices, counts } = unique(x, all);
      const entries = [...x.toTypedArray()];
      const expected = [...new Set(entries)].sort((a, b) => a - b);
      expect(values.toArray()).toEqual(expected);
      expect(unique(x).toArray()).toEqual(expected);
      expect(inverseIndices?.shape).toEqual(x.shape);
      expect([...(inverseIndices as Tensor).toTypedArray()].map((i) => expected[i])).toEqual(entries);
      expect(counts?.toArray()).toEqual(expected.map((entry) => entries.filter((other) => other === entry).length));
    }),
  );
});

test('parts along a dim, in the order of their entries', () => {
  const drawn = few
    .filter((x) => x.rank > 0)
    .chain((x) => fc.record({ x: fc.constant(x), dim: fc.integer({ min: 0, max: x.rank - 1 }) }));
  fc.assert(
    fc.property(drawn, ({ x, dim }) => {
      for (const f of [unique, uniqueConsecutive]) {
        const { values, inverseIndices, counts } = f(x, { ...all, dim });
        expectSame(indexSelect(values, dim, inverseIndices as Tensor), x);
        const parts = values.unbind(dim).map((part) => part.toTypedArray().join());
        const given = x.unbind(dim).map((part) => part.toTypedArray().join());
        if (f === unique) expect(parts).toEqual([...new Set(given)].sort());
        else expect(parts).toEqual(given.filter((part, i) => part !== given[i - 1]));
        expect(counts?.sum().item()).toBe(given.length);
      }
    }),
  );
});

test('uniqueConsecutive leaves out what equals the one before', () => {
  const { values, inverseIndices, counts } = uniqueConsecutive(tensor([1, 1, 2, 2, 2, 1]), all);
  expect(values.toArray()).toEqual([1, 2, 1]);
  expect(inverseIndices?.toArray()).toEqual([0, 0, 1, 1, 1, 2]);
  expect(counts?.toArray()).toEqual([2, 3, 1]);
  expect(Object.keys(uniqueConsecutive(tensor([1]), { returnCounts: true }))).toEqual(['values', 'counts']);
});

test('every NaN is one of its own; other dtypes', () => {
  expect(unique(tensor([NaN, 1, NaN])).toArray()).toEqual([1, NaN, NaN]);
  expect(unique(tensor([true, false, true])).toArray()).toEqual([false, true]);
  expect(unique(tensor([3, -1, 3], { dtype: 'int32' })).toArray()).toEqual([-1, 3]);
  expect(unique(tensor([1, 2], { requiresGrad: true })).requiresGrad).toBe(false);
});

test('say what is wrong', () => {
  expect(() => unique(tensor([1]), { dim: 1 })).toThrow('unique: dim out of range');
});
