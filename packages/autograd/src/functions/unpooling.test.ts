import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensor } from './creation.ts';
import { byEntry, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { maxPool1d, maxPool2d } from './pooling.ts';
import { maxUnpool1d, maxUnpool2d } from './unpooling.ts';

test('puts what pooling found where it was found, and zeros elsewhere', () => {
  fc.assert(
    fc.property(drawTensor([2, 2, 4, 6]), fc.constantFrom(2, [2, 3]), (x, kernel) => {
      const { values, indices } = maxPool2d(x, kernel, { returnIndices: true });
      const image = maxUnpool2d(values, indices, kernel);
      const expected = new Map<string, number>();
      for (const place of placesOf(values.shape)) {
        const at = entryAt(indices, place);
        expected.set([...place.slice(0, 2), Math.floor(at / 6), at % 6].join(), entryAt(values, place));
      }
      expectSame(
        image,
        byEntry(x.shape, (place) => expected.get(place.join()) ?? 0),
      );
      expectLinear((y) => maxUnpool2d(y, indices, kernel), values);
    }),
    { numRuns: 30 },
  );
});

test('pooling gives back what was unpooled', () => {
  fc.assert(
    fc.property(drawTensor([1, 3, 9]), (x) => {
      const options = { stride: 2, padding: 1, returnIndices: true } as const;
      const positive = byEntry(x.shape, (place) => Math.abs(entryAt(x, place)) + 1);
      const { values, indices } = maxPool1d(positive, 3, options);
      const image = maxUnpool1d(values, indices, 3, { stride: 2, padding: 1, outputSize: [9] });
      expect(image.shape).toEqual([1, 3, 9]);
      expectSame(maxPool1d(image, 3, { stride: 2, padding: 1 }), values);
    }),
    { numRuns: 30 },
  );
});

test('outputSize may name all sizes', () => {
  const { values, indices } = maxPool1d(tensor([[1, 3, 2, 4, 5]]), 2, { returnIndices: true });
  expect(maxUnpool1d(values, indices, 2, { outputSize: [1, 5] }).toArray()).toEqual([[0, 3, 0, 4, 0]]);
});

test('says what does not fit', () => {
  const x = tensor([[1, 2]]);
  const indices = tensor([[0, 3]], { dtype: 'int32' });
  expect(() => maxUnpool1d(x, indices, 2, { outputSize: [7] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: maxUnpool1d: no image of that size leads here
      got:   outputSize [7]
      needs: 3 to 5
      fix:   give the size of what was pooled]
  `);
  expect(() => maxUnpool1d(x, tensor([[0]], { dtype: 'int32' }), 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: maxUnpool1d: not an index for each entry
      got:   indices [1, 1] for a tensor of shape [1, 2]
      needs: [1, 2]
      fix:   take both from one pooling with returnIndices]
  `);
  expect(() => maxUnpool1d(x, tensor([[0, 9]], { dtype: 'int32' }), 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scatter: an index is out of range
      got:   index 9 of dim 1, which has size 4
      needs: 0 to 3
      fix:   check which dim the indices count, and that they count from 0]
  `);
  expect(() => maxUnpool1d(x, x, 2)).toThrow('the indices are not whole numbers');
});
