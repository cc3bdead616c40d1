import { Generator } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ListDataset } from '../list-dataset.ts';
import { type Fold, kFold, stratifiedKFold } from './k-fold.ts';

const numbers = (n: number): ListDataset<number> => new ListDataset([...Array(n).keys()]);
const testsOf = (folds: readonly Fold<unknown>[]): number[][] => folds.map((fold) => [...fold.test.indices]);

function expectPartition(folds: readonly Fold<unknown>[], n: number): void {
  const all = [...Array(n).keys()];
  expect(
    testsOf(folds)
      .flat()
      .toSorted((i, j) => i - j),
  ).toEqual(all);
  for (const { train, test: held } of folds) {
    expect([...train.indices]).toEqual(all.filter((i) => !held.indices.includes(i)));
  }
}

test('every sample is in one fold, and trained with in all others; the folds are equal to one sample', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.boolean(), fc.nat(), (n, k, shuffle, seed) => {
      const count = 2 + (k % (n - 1));
      const folds = kFold(numbers(n), count, { shuffle, generator: new Generator(seed) });
      expect(folds).toHaveLength(count);
      expectPartition(folds, n);
      const sizes = folds.map((fold) => fold.test.length);
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      expect(sizes[0] - sizes[count - 1]).toBeLessThanOrEqual(1);
      if (!shuffle) expect(testsOf(folds).flat()).toEqual([...Array(n).keys()]);
    }),
  );
});

test('stratified, every fold has each class in its share', () => {
  const labels = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 60 });
  fc.assert(
    fc.property(labels, fc.boolean(), fc.nat(), (drawn, shuffle, seed) => {
      const classes = [...drawn, 0, 0, 0, 1, 1, 1, 2, 2, 2];
      const folds = stratifiedKFold(new ListDataset(classes), classes, 3, { shuffle, generator: new Generator(seed) });
      expectPartition(folds, classes.length);
      for (const label of [0, 1, 2]) {
        const counts = folds.map((fold) => fold.test.indices.filter((i) => classes[i] === label).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }
      const sizes = folds.map((fold) => fold.test.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('shuffled, the seed decides', () => {
  const split = (seed: number): string =>
    testsOf(kFold(numbers(30), 3, { shuffle: true, generator: new Generator(seed) })).join();
  expect(split(1)).toBe(split(1));
  expect(split(1)).not.toBe(split(2));
});

test('numbers of folds that there cannot be are told', () => {
  expect(() => kFold(numbers(5), 1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: kFold: not a number of folds
      got:   1 folds, and 5 samples
      needs: a whole number from 2, and at least one sample for each fold
      fix:   usual are 5 or 10; leave out, or merge, classes of fewer samples]
  `);
  expect(() => kFold(numbers(5), 6)).toThrow('6 folds, and 5 samples');
  expect(() => kFold(numbers(5), 2.5)).toThrow('kFold: not a number of folds');
  expect(() => stratifiedKFold(numbers(5), [0, 0, 0, 0, 1], 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: stratifiedKFold: not a number of folds
      got:   2 folds, and 1 samples of the rarest class
      needs: a whole number from 2, and at least one sample for each fold
      fix:   usual are 5 or 10; leave out, or merge, classes of fewer samples]
  `);
  expect(() => stratifiedKFold(numbers(0), [], 2)).toThrow('0 samples of the rarest class');
  expect(() => stratifiedKFold(numbers(5), [0], 2)).toThrow('the labels are not those of the dataset');
});
