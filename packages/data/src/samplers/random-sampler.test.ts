import { Generator } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomSampler } from './random-sampler.ts';

const counts = (order: Iterable<number>, n: number): number[] => {
  const counted = new Array<number>(n).fill(0);
  for (const i of order) counted[i]++;
  return counted;
};

test('every sample comes equally often, in so many draws, and a last part of them at most once more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 90 }), fc.nat(), (n, numSamples, seed) => {
      const sampler = new RandomSampler({ length: n }, { numSamples, generator: new Generator(seed) });
      const order = [...sampler];
      expect([order.length, sampler.length]).toEqual([numSamples, numSamples]);
      const times = Math.floor(numSamples / n);
      expect(counts(order, n).every((count) => count === times || count === times + 1)).toBe(true);
      expect(counts(order.slice(0, n * times), n)).toEqual(new Array(n).fill(times));
    }),
  );
});

test('with replacement each draw is among all samples', () => {
  const sampler = new RandomSampler(
    { length: 4 },
    { replacement: true, numSamples: 4000, generator: new Generator(2) },
  );
  for (const count of counts(sampler, 4)) expect(Math.abs(count - 1000)).toBeLessThan(120);
  expect(new RandomSampler({ length: 7 }, { replacement: true }).length).toBe(7);
});

test('no samples make an empty order', () => {
  expect([...new RandomSampler({ length: 0 })]).toEqual([]);
  expect([...new RandomSampler({ length: 0 }, { replacement: true })]).toEqual([]);
});

test('numbers of draws that there cannot be are told', () => {
  expect(() => new RandomSampler({ length: 5 }, { numSamples: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: RandomSampler: numSamples is no count
      got:   numSamples = 0
      needs: a whole number from 1
      fix:   leave it out to draw every sample once]
  `);
  expect(() => new RandomSampler({ length: 5 }, { numSamples: 1.5 })).toThrow('numSamples is no count');
  expect(() => new RandomSampler({ length: 0 }, { numSamples: 3 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: RandomSampler: there is nothing to draw from
      got:   numSamples = 3 of a dataset without samples
      needs: at least one sample
      fix:   check what filtered the dataset]
  `);
});
