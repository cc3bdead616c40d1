import { ones, type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collate } from './collate.ts';

const label = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 });

test('labels become int32 and truths bool, whatever the values', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ label, truth: fc.boolean() }), { minLength: 1 }), (samples) => {
      const batch = collate(samples);
      expect([batch.label.dtype, batch.truth.dtype]).toEqual(['int32', 'bool']);
      expect(batch.label.toArray()).toEqual(samples.map((sample) => sample.label));
      expect(batch.truth.toArray()).toEqual(samples.map((sample) => sample.truth));
    }),
  );
});

test('tensors of any rank are stacked, and keep their dtype', () => {
  const [x, y] = collate([
    [tensor([1, 2]), tensor(5, { dtype: 'float64' })],
    [tensor([3, Number.NaN]), tensor(-0, { dtype: 'float64' })],
  ] as [Tensor, Tensor][]);
  expect(x.toArray()).toEqual([
    [1, 2],
    [3, Number.NaN],
  ]);
  expect([y.dtype, y.toArray()]).toEqual(['float64', [5, -0]]);
});

test('tuples and objects stay what they are, nested too; texts become lists', () => {
  const batch = collate([
    { id: 'a', pair: [1, [true]] as [number, [boolean]] },
    { id: 'b', pair: [2, [false]] as [number, [boolean]] },
  ]);
  expect(batch.id).toEqual(['a', 'b']);
  expect(batch.pair[0].toArray()).toEqual([1, 2]);
  expect(batch.pair[1][0].toArray()).toEqual([true, false]);
});

test('what cannot be joined is told', () => {
  expect(() => collate([])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: collate: there is nothing to join
      got:   no samples
      needs: at least one
      fix:   leave out empty batches]
  `);
  expect(() => collate([0.5])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: collate: a number of a sample is no label
      got:   0.5
      needs: whole numbers below 2^31, which become int32
      fix:   return what is measured as a tensor: tensor(0.5) in place of 0.5]
  `);
  expect(() => collate([2 ** 31])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: collate: a number of a sample is no label
      got:   2147483648
      needs: whole numbers below 2^31, which become int32
      fix:   return what is measured as a tensor: tensor(0.5) in place of 0.5]
  `);
  expect(() => collate<number | string>([1, 'one'])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: collate: the samples cannot be joined
      got:   number and string in sample
      needs: tensors, numbers, booleans, strings, or tuples and objects of them; the same in every sample
      fix:   return such samples from get, or pass a collate function to the DataLoader]
  `);
  expect(() => collate<{ x?: number }>([{ x: 1 }, {}])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: collate: the samples cannot be joined
      got:   number and undefined in sample.x
      needs: tensors, numbers, booleans, strings, or tuples and objects of them; the same in every sample
      fix:   return such samples from get, or pass a collate function to the DataLoader]
  `);
  expect(() => collate([[1, 2], [3]])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: collate: the samples cannot be joined
      got:   a tuple of 2 and a tuple of 1 in sample
      needs: tensors, numbers, booleans, strings, or tuples and objects of them; the same in every sample
      fix:   return such samples from get, or pass a collate function to the DataLoader]
  `);
  expect(() => collate([{ x: null }])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: collate: the samples cannot be joined
      got:   null in sample.x
      needs: tensors, numbers, booleans, strings, or tuples and objects of them; the same in every sample
      fix:   return such samples from get, or pass a collate function to the DataLoader]
  `);
  expect(() => collate([ones([2]), ones([3])])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: stack: the shapes differ
      got:   [2], [3]
      needs: one shape
      fix:   use concat to join along a dim that there is]
  `);
});
