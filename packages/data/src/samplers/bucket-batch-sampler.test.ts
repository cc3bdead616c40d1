import { Generator, ones, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BucketBatchSampler } from './bucket-batch-sampler.ts';

test('an epoch has every sample once; within a bucket, no batch overlaps another in length', () => {
  const lengths = fc.array(fc.nat(40), { maxLength: 60 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 7 }), fc.boolean(), fc.nat(), (drawn, batchSize, dropLast, seed) => {
      const generator = new Generator(seed);
      const sampler = new BucketBatchSampler(drawn, { batchSize, dropLast, generator });
      const batches = [...sampler];
      expect(sampler.length).toBe(batches.length);
      const whole = Math.floor(drawn.length / batchSize);
      expect(batches.slice(0, whole).every((batch) => batch.length === batchSize)).toBe(true);
      const seen = batches.flatMap((batch) => [...batch]).toSorted((i, j) => i - j);
      if (dropLast) expect(new Set(seen).size).toBe(whole * batchSize);
      else expect(seen).toEqual([...drawn.keys()]);
      const ranges = batches
        .map((batch) => Array.from(batch, (i) => drawn[i]))
        .map((batch) => [Math.min(...batch), Math.max(...batch)])
        .toSorted(([a, b], [c, d]) => a - c || b - d);
      for (const [k, [low]] of ranges.entries()) if (k > 0) expect(low).toBeGreaterThanOrEqual(ranges[k - 1][1]);
    }),
  );
});

test('smaller buckets mix more, and each epoch differs', () => {
  const lengths = tensor(Array.from({ length: 64 }, (_, i) => i));
  const spread = (bucketBatches: number): number => {
    const sampler = new BucketBatchSampler(lengths, { batchSize: 4, bucketBatches, generator: new Generator(3) });
    const batches = [...sampler];
    expect(batches.map(String)).not.toEqual([...sampler].map(String));
    return batches.reduce((sum, batch) => sum + Math.max(...batch) - Math.min(...batch), 0);
  };
  expect(spread(16)).toBe(16 * 3);
  expect(spread(4)).toBeGreaterThan(spread(16));
  expect(spread(1)).toBeGreaterThan(spread(4));
});

test('lengths and options that there cannot be are told', () => {
  expect(() => new BucketBatchSampler([1], { batchSize: 0 })).toThrow('BucketBatchSampler: batchSize is no count');
  expect(() => new BucketBatchSampler([1], { batchSize: 1, bucketBatches: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: BucketBatchSampler: bucketBatches is no count
      got:   bucketBatches = 0
      needs: a whole number from 1
      fix:   leave it out for 100 batches]
  `);
  expect(() => new BucketBatchSampler([1, -2], { batchSize: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: BucketBatchSampler: not the lengths of samples
      got:   lengths[1] = -2
      needs: one number for each sample, 0 or more
      fix:   pass samples.map((sample) => sample.length)]
  `);
  expect(() => new BucketBatchSampler(ones([1, 2]), { batchSize: 1 })).toThrow('a tensor of shape [1, 2]');
});
