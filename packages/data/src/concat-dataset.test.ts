import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConcatDataset } from './concat-dataset.ts';
import type { Dataset } from './dataset.ts';
import { ListDataset } from './list-dataset.ts';

test('the samples of all datasets, one after the other', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat()), { minLength: 1 }), (lists) => {
      const all = new ConcatDataset(lists.map((list) => new ListDataset(list)));
      expect(all.length).toBe(lists.flat().length);
      expect(Array.from({ length: all.length }, (_, i) => all.get(i))).toEqual(lists.flat());
      expect(() => all.get(all.length)).toThrow('ConcatDataset.get: there is no such sample');
    }),
  );
});

test('what cannot be put one after the other is told', () => {
  expect(() => new ConcatDataset([])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ConcatDataset: there is nothing to put one after the other
      got:   no datasets
      needs: at least one dataset, each with length and get(index)
      fix:   pass the datasets as a list]
  `);
  const iterable = new Set([1]) as unknown as Dataset<number>;
  expect(() => new ConcatDataset([new ListDataset([1]), iterable])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ConcatDataset: there is nothing to put one after the other
      got:   a dataset without get(index) in place 1
      needs: at least one dataset, each with length and get(index)
      fix:   collect what can only be iterated: new ListDataset([...source])]
  `);
  expect(() => new ListDataset([1]).get(1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ListDataset.get: there is no such sample
      got:   index 1 of 1 samples
      needs: a whole number from 0 to 0
      fix:   count from 0 to dataset.length - 1]
  `);
});
