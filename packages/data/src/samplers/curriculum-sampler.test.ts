import { Generator } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ListDataset } from '../list-dataset.ts';
import { CurriculumSampler } from './curriculum-sampler.ts';

const difficulty = (sample: number): number => sample;

test('an epoch takes the easiest samples, as many as the pace says, and equally difficult ones in their order', () => {
  const samples = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(samples, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.boolean(), (drawn, step, shuffle) => {
      const pace = (epoch: number): number => step * (epoch + 1);
      const sampler = new CurriculumSampler(new ListDataset(drawn), { difficulty, pace, shuffle });
      const easiest = [...drawn.keys()].toSorted((i, j) => drawn[i] - drawn[j]);
      for (let epoch = 0; epoch < 4; epoch++) {
        expect(sampler.epoch).toBe(epoch);
        const count = Math.min(drawn.length, Math.max(1, Math.round(drawn.length * pace(epoch))));
        expect(sampler.length).toBe(count);
        const order = [...sampler];
        const expected = easiest.slice(0, count);
        if (shuffle) expect(new Set(order)).toEqual(new Set(expected));
        else expect(order).toEqual(expected);
      }
    }),
  );
});

test('shuffled, the order is random', () => {
  const options = { difficulty, pace: () => 1, generator: new Generator(1) };
  const sampler = new CurriculumSampler(new ListDataset([...Array(30).keys()]), options);
  expect(new Set([[...sampler], [...sampler], [...Array(30).keys()]].map(String)).size).toBe(3);
});

test('difficulties, paces and states that there cannot be are told', () => {
  const dataset = new ListDataset([1, Number.NaN]);
  expect(() => new CurriculumSampler(dataset, { difficulty, pace: () => 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: CurriculumSampler: a difficulty is no number
      got:   NaN for sample 1
      needs: a number for every sample
      fix:   check what difficulty returns; of a tensor, x.item()]
  `);
  const easy = { difficulty: () => 0 };
  expect(() => new CurriculumSampler(dataset, { ...easy, pace: () => 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: CurriculumSampler: the pace is no share of the samples
      got:   0 in epoch 0
      needs: a number above 0; 1 and more is all samples
      fix:   begin with some, and grow: (epoch) => 0.2 + 0.1 * epoch]
  `);
  const sampler = new CurriculumSampler(dataset, { ...easy, pace: (epoch) => 1 - epoch });
  expect([...sampler]).toHaveLength(2);
  expect(() => [...sampler]).toThrow('0 in epoch 1');
  expect(() => sampler.loadStateDict({ epoch: -1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: CurriculumSampler: not the state of a curriculum
      got:   epoch -1
      needs: a whole number from 0
      fix:   pass what stateDict gave, unchanged]
  `);
  expect(() => sampler.loadStateDict({ epoch: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: CurriculumSampler: not the state of a generator
      got:   null
      needs: seed and block, both numbers
      fix:   pass what stateDict gave, unchanged]
  `);
  expect(sampler.epoch).toBe(1);
});
