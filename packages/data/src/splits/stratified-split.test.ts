import { Generator, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ListDataset } from '../list-dataset.ts';
import { stratifiedSplit } from './stratified-split.ts';

test('every sample is in one part, and each part has every class in its share', () => {
  const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(labels, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (classes, fraction, seed) => {
      const dataset = new ListDataset(classes);
      const parts = stratifiedSplit(dataset, tensor(classes), [fraction, 1 - fraction], {
        generator: new Generator(seed),
      });
      const all = parts.flatMap((part) => [...part.indices]);
      expect(all.toSorted((i, j) => i - j)).toEqual([...classes.keys()]);
      for (const label of new Set(classes)) {
        const share = classes.filter((other) => other === label).length / classes.length;
        for (const part of parts) {
          const count = part.indices.filter((i) => classes[i] === label).length;
          expect(Math.abs(count - share * part.length)).toBeLessThan(1);
        }
      }
    }),
  );
});

test('labels and lengths of another dataset are told', () => {
  const dataset = new ListDataset([1, 2, 3]);
  expect(() => stratifiedSplit(dataset, [1, 1], [2, 1])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: stratifiedSplit: the labels are not those of the dataset
      got:   2 labels and 3 samples
      needs: one label for each sample, in the same order
      fix:   take the labels of the same subset]
  `);
  expect(() => stratifiedSplit(dataset, [1, 1, 1], [2, 2])).toThrow('stratifiedSplit: the lengths do not divide');
});
