import { arange } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapDataset } from './map-dataset.ts';
import { Subset } from './subset.ts';
import { TensorDataset } from './tensor-dataset.ts';

const numbers = new TensorDataset(arange(0, 100));

test('the samples at the indices, one by one or as a batch, of a dataset with batches or without', () => {
  const chosen = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1 });
  fc.assert(
    fc.property(chosen, fc.boolean(), (indices, gathers) => {
      const subset = new Subset(gathers ? numbers : mapDataset(numbers, (sample) => sample), indices);
      expect(subset.length).toBe(indices.length);
      expect(indices.map((_, i) => subset.get(i)[0].item())).toEqual(indices);
      const backwards = Int32Array.from(indices, (_, i) => indices.length - 1 - i);
      expect(subset.batch(backwards)[0].toArray()).toEqual(indices.toReversed());
    }),
  );
});

test('a subset of a subset counts in the outer one', () => {
  const outer = new Subset(numbers, [50, 60, 70]);
  expect(new Subset(outer, [2, 0]).batch(Int32Array.of(0, 1))[0].toArray()).toEqual([70, 50]);
});

test('indices that there are not are told, at once', () => {
  expect(() => new Subset(numbers, [0, 100])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Subset: there is no such sample
      got:   index 100 of 100 samples
      needs: a whole number from 0 to 99
      fix:   count from 0 to dataset.length - 1]
  `);
  expect(() => new Subset(numbers, [0.5])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Subset: there is no such sample
      got:   index 0.5 of 100 samples
      needs: a whole number from 0 to 99
      fix:   count from 0 to dataset.length - 1]
  `);
  expect(() => new Subset(numbers, [5]).get(1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Subset.get: there is no such sample
      got:   index 1 of 1 samples
      needs: a whole number from 0 to 0
      fix:   count from 0 to dataset.length - 1]
  `);
  expect(() => new Subset(numbers, [5]).batch(Int32Array.of(1))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Subset.get: there is no such sample
      got:   index 1 of 1 samples
      needs: a whole number from 0 to 0
      fix:   count from 0 to dataset.length - 1]
  `);
});
