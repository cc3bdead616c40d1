import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchSampler } from './batch-sampler.ts';

test('batches are what the sampler gives, cut after so many; the rest is a batch, or left out', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), fc.boolean(), (order, batchSize, dropLast) => {
      const sampler = new BatchSampler(order, { batchSize, dropLast });
      const batches = [...sampler];
      const kept = dropLast ? order.length - (order.length % batchSize) : order.length;
      expect(batches.flatMap((batch) => [...batch])).toEqual(order.slice(0, kept));
      expect(batches.slice(0, -1).every((batch) => batch.length === batchSize)).toBe(true);
      expect(batches.every((batch) => batch.length > 0 && batch.length <= batchSize)).toBe(true);
      expect(sampler.length).toBe(batches.length);
    }),
  );
});

test('a batch size that is none is told', () => {
  expect(() => new BatchSampler([1], { batchSize: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: BatchSampler: batchSize is no count
      got:   batchSize = 0
      needs: a whole number from 1
      fix:   pass dataset.length for all samples in one batch]
  `);
});
