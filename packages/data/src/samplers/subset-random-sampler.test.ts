import { Generator } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SubsetRandomSampler } from './subset-random-sampler.ts';

test('an epoch has the indices, each as often as it was given, in an order that the seed decides', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.nat(), (indices, seed) => {
      const order = [...new SubsetRandomSampler(indices, { generator: new Generator(seed) })];
      expect(order.toSorted()).toEqual(indices.toSorted());
      expect([...new SubsetRandomSampler(indices, { generator: new Generator(seed) })]).toEqual(order);
    }),
  );
  const sampler = new SubsetRandomSampler(Array(30).keys(), { generator: new Generator(1) });
  expect(new Set([[...sampler], [...sampler], [...Array(30).keys()]].map(String)).size).toBe(3);
});

test('what is no index is told', () => {
  expect(() => new SubsetRandomSampler([1, 0.5])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: SubsetRandomSampler: not the index of a sample
      got:   0.5
      needs: whole numbers from 0
      fix:   count from 0 to dataset.length - 1]
  `);
  expect(() => new SubsetRandomSampler([-1])).toThrow('SubsetRandomSampler');
});
