import { Generator, ones, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StratifiedBatchSampler } from './stratified-batch-sampler.ts';

const labels = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 });
const batchSize = fc.integer({ min: 1, max: 12 });

test('an epoch has every sample once, and every batch the share of each class', () => {
  fc.assert(
    fc.property(labels, batchSize, fc.nat(), (classes, size, seed) => {
      const sampler = new StratifiedBatchSampler(classes, { batchSize: size, generator: new Generator(seed) });
      const batches = [...sampler];
      expect(sampler.length).toBe(batches.length);
      expect(batches.flatMap((batch) => [...batch]).toSorted((i, j) => i - j)).toEqual([...classes.keys()]);
      for (const label of new Set(classes)) {
        const share = classes.filter((other) => other === label).length / classes.length;
        for (const batch of batches) {
          const count = batch.filter((i) => classes[i] === label).length;
          expect(Math.abs(count - share * batch.length)).toBeLessThan(2);
        }
      }
    }),
  );
});

test('shares that are whole are exact', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }), fc.nat(), (each, seed) => {
      const classes = each.flatMap((count, label) => new Array<number>(5 * count).fill(label));
      const size = classes.length / 5;
      const batches = new StratifiedBatchSampler(tensor(classes), { batchSize: size, generator: new Generator(seed) });
      for (const batch of batches) {
        expect(each.map((_, label) => batch.filter((i) => classes[i] === label).length)).toEqual(each);
      }
    }),
  );
});

test('each epoch draws anew which samples go together, and dropLast leaves out the shorter batch', () => {
  const classes = Array.from({ length: 41 }, (_, i) => i % 2 === 0);
  const sampler = new StratifiedBatchSampler(classes, { batchSize: 4, dropLast: true, generator: new Generator(1) });
  const [first, second] = [[...sampler], [...sampler]];
  expect([first.length, sampler.length]).toEqual([10, 10]);
  expect(first.map(String)).not.toEqual(second.map(String));
});

test('what is no batch size, or no labels, is told', () => {
  expect(() => new StratifiedBatchSampler([1], { batchSize: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: StratifiedBatchSampler: batchSize is no count
      got:   batchSize = 0
      needs: a whole number from 1
      fix:   pass dataset.length for all samples in one batch]
  `);
  expect(() => new StratifiedBatchSampler(ones([2, 2]), { batchSize: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: StratifiedBatchSampler: not one label for each sample
      got:   labels of shape [2, 2]
      needs: shape [samples]
      fix:   of one-hot rows, or of logits, take labels.argmax(1)]
  `);
});
