import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argwhere, index, nonzero, tensor } from '../index.ts';
import { drawShape, drawTensor, drawTruths, entryAt, placesOf } from './draw-tensor.ts';

test('gives the indices of what is not zero, in reading order', () => {
  fc.assert(
    fc.property(
      drawShape(0, 3).chain((shape) => fc.oneof(drawTensor(shape), drawTruths(shape))),
      (x) => {
        const expected = placesOf(x.shape).filter((place) => entryAt(x, place) !== 0);
        expect(nonzero(x).toArray()).toEqual(expected);
        expect(argwhere(x).shape).toEqual([expected.length, x.rank]);
        expect(nonzero(x).dtype).toBe('int32');
        if (x.rank === 0) return;
        const lists = nonzero(x, { asTuple: true });
        expect(lists).toHaveLength(x.rank);
        expect([...index(x, ...lists).toTypedArray()]).toEqual(expected.map((place) => entryAt(x, place)));
      },
    ),
  );
});

test('a tensor without dims counts as a list of one, if lists are asked for', () => {
  expect(nonzero(tensor(5)).shape).toEqual([1, 0]);
  expect(nonzero(tensor(5), { asTuple: true }).map((list) => list.toArray())).toEqual([[0]]);
  expect(nonzero(tensor([NaN, 0])).toArray()).toEqual([[0]]);
});
