import { Generator, ones, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WeightedRandomSampler } from './weighted-random-sampler.ts';

const weights = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e3, noNaN: true })), { minLength: 1, maxLength: 20 })
  .filter((drawn) => drawn.some((weight) => weight > 0));

test('samples of weight 0 are never drawn; without replacement, others at most once', () => {
  fc.assert(
    fc.property(weights, fc.nat(), fc.boolean(), (drawn, seed, replacement) => {
      const positive = drawn.filter((weight) => weight > 0).length;
      const numSamples = replacement ? 50 : positive;
      const order = [...new WeightedRandomSampler(drawn, numSamples, { replacement, generator: new Generator(seed) })];
      expect(order).toHaveLength(numSamples);
      expect(order.every((i) => drawn[i] > 0)).toBe(true);
      if (!replacement) expect(new Set(order).size).toBe(positive);
    }),
  );
});

test('samples come as often as their weights say', () => {
  const often = (replacement: boolean, draws: number): number[] => {
    const counts = [0, 0, 0, 0];
    const sampler = new WeightedRandomSampler(tensor([1, 0, 2, 5]), draws, {
      replacement,
      generator: new Generator(4),
    });
    for (let epoch = 0; epoch < 8000 / draws; epoch++) counts[[...sampler][0]]++;
    return counts;
  };
  const shares = often(false, 1).map((count) => count / 8000);
  for (const [i, share] of [1 / 8, 0, 2 / 8, 5 / 8].entries()) expect(Math.abs(shares[i] - share)).toBeLessThan(0.025);
  const sampler = new WeightedRandomSampler([1, 0, 2, 5], 8000, { generator: new Generator(4) });
  const counts = [0, 0, 0, 0];
  for (const i of sampler) counts[i]++;
  for (const [i, count] of [1000, 0, 2000, 5000].entries()) expect(Math.abs(counts[i] - count)).toBeLessThan(200);
});

test('without replacement the second draw is in proportion to what is left', () => {
  // P(second is 0) = P(first 1) 1/3 + P(first 2) 1/2 = 1/4 * 1/3 + 1/2 * 1/2 for weights [1, 1, 2]: 1/3.
  const sampler = new WeightedRandomSampler([1, 1, 2], 2, { replacement: false, generator: new Generator(9) });
  let second = 0;
  for (let epoch = 0; epoch < 6000; epoch++) second += Number([...sampler][1] === 0);
  expect(Math.abs(second / 6000 - 1 / 3)).toBeLessThan(0.025);
});

test('weights and numbers of draws that there cannot be are told', () => {
  expect(() => new WeightedRandomSampler([1, -1], 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: WeightedRandomSampler: the weights are not usable
      got:   weights[1] = -1
      needs: one finite number for each sample, 0 or more, at least one of them above 0
      fix:   to draw classes equally often, weigh each sample by 1 / the number of samples of its class]
  `);
  expect(() => new WeightedRandomSampler([1, Number.NaN], 2)).toThrow('weights[1] = NaN');
  expect(() => new WeightedRandomSampler([Infinity], 2)).toThrow('weights[0] = Infinity');
  expect(() => new WeightedRandomSampler([0, 0], 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: WeightedRandomSampler: the weights are not usable
      got:   no weight above 0
      needs: one finite number for each sample, 0 or more, at least one of them above 0
      fix:   to draw classes equally often, weigh each sample by 1 / the number of samples of its class]
  `);
  expect(() => new WeightedRandomSampler([], 2)).toThrow('no weight above 0');
  expect(() => new WeightedRandomSampler(ones([2, 2]), 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: WeightedRandomSampler: the weights are not usable
      got:   a tensor of shape [2, 2]
      needs: one finite number for each sample, 0 or more, at least one of them above 0
      fix:   to draw classes equally often, weigh each sample by 1 / the number of samples of its class]
  `);
  expect(() => new WeightedRandomSampler([1], 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: WeightedRandomSampler: numSamples is no count
      got:   numSamples = 0
      needs: a whole number from 1
      fix:   pass dataset.length for an epoch of the usual size]
  `);
  expect(() => new WeightedRandomSampler([1, 0, 1], 3, { replacement: false })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: WeightedRandomSampler: there are not as many samples to draw
      got:   numSamples = 3 without replacement, and 2 weights above 0
      needs: at most 2: each sample comes at most once
      fix:   draw fewer, or with { replacement: true }]
  `);
});
