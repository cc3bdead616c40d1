import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensor } from '@gradtape/autograd';
import { loadCheckpoint } from '@gradtape/data';
import { Linear } from '@gradtape/nn';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Checkpointing, EarlyStopping, type EarlyStoppingOptions, type History, fit as train } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gradtape-stopping-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A training whose epochs come to these numbers; the model's bias says which epoch it was. */
async function runWith(values: readonly number[], options: EarlyStoppingOptions, history?: History) {
  const model = new Linear(1, 1);
  const stopping = new EarlyStopping({ monitor: 'train.score', ...options, restoreBest: model });
  let epoch = history?.train.score.length ?? 0;
  const result = await train(
    () => {
      model.bias.assign(tensor([epoch + 1]));
      return { score: values[epoch++] };
    },
    [[]],
    { epochs: values.length, callbacks: [stopping], history },
  );
  return { stopping, history: result, weights: model.bias.item() };
}

describe('EarlyStopping', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Number.NaN));
  const values = fc.array(value, { minLength: 1, maxLength: 12 });

  test('stops after `patience` epochs without improvement, and puts back the weights of the best', async () => {
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('min' as const, 'max' as const),
        fc.integer({ min: 0, max: 2 }),
        async (series, patience, mode, minDelta) => {
          let [best, bestEpoch, epochs] = [Number.NaN, 0, 0];
          for (const score of series) {
            epochs++;
            const gain = mode === 'min' ? best - score : score - best;
            if (gain > minDelta || (bestEpoch === 0 && !Number.isNaN(score))) [best, bestEpoch] = [score, epochs];
            if (epochs - bestEpoch >= patience) break;
          }
          const found = await runWith(series, { patience, mode, minDelta });
          expect(found.history.train.score).toHaveLength(epochs);
          expect(found.stopping.bestEpoch).toBe(bestEpoch);
          expect(found.weights).toBe(bestEpoch === 0 ? epochs : bestEpoch);
        },
      ),
    );
  });

  test('of a training that goes on has waited already', async () => {
    const first = await runWith([1, 2], { patience: 3 });
    const longer = await runWith([1, 2, 3, 4, 5], { patience: 3 }, first.history);
    expect(longer.history.train.score).toEqual([1, 2, 3, 4]);
    // The best weights were not of this run.
    expect(longer.weights).toBe(4);
  });

  test('refuses options out of range, and what is not in the history', async () => {
    expect(() => new EarlyStopping({ patience: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: EarlyStopping: patience is out of range
        got:   patience = 0
        needs: a whole number of epochs from 1
        fix:   usual is 3 to 10: new EarlyStopping({ patience: 5 })]
    `);
    expect(() => new EarlyStopping({ monitor: 'loss' as 'train.loss' })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: EarlyStopping: what it watches is not clear
        got:   monitor = 'loss', mode = 'min', minDelta = 0
        needs: a series such as 'validation.loss' or 'train.accuracy'; 'min' or 'max'; a number, 0 or more
        fix:   { monitor: 'validation.accuracy', mode: 'max' }]
    `);
    const stopping = new EarlyStopping();
    await expect(
      train(() => 1, [[]], { epochs: 1, callbacks: [stopping] }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: EarlyStopping: what it watches is not in the history
        got:   monitor = 'validation.loss'
        needs: among train.loss
        fix:   let validate give it: fit(step, loader, { validate: () => evaluate(…) })]
    `);
  });
});

describe('Checkpointing', () => {
  test('saves every so many epochs, or whenever it was never better', async () => {
    const model = new Linear(1, 1);
    const losses = [3, 1, 2, 0.5, 0.75];
    let epoch = 0;
    const pathOf = (kind: string) => (k: number) => join(folder, `${kind}-${k}.safetensors`);
    await train(() => losses[epoch++], [[]], {
      epochs: 5,
      callbacks: [
        new Checkpointing(pathOf('every'), { parts: { model }, every: 2 }),
        new Checkpointing(pathOf('best'), { parts: { model, note: 'small' }, monitor: 'train.loss' }),
      ],
    });
    const saved = (kind: string) => [1, 2, 3, 4, 5].filter((k) => existsSync(pathOf(kind)(k)));
    expect(saved('every')).toEqual([2, 4]);
    expect(saved('best')).toEqual([1, 2, 4]);
    const { values } = await loadCheckpoint(pathOf('best')(4));
    expect(values.note).toBe('small');
    expect(values.history).toEqual({
      train: { loss: [3, 1, 2, 0.5] },
      validation: {},
      batches: { loss: [3, 1, 2, 0.5] },
    });
  });

  test('refuses options out of range', () => {
    const parts = { model: new Linear(1, 1) };
    expect(() => new Checkpointing('x', { parts, every: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: Checkpointing: an option is out of range
        got:   every = 0, parts model
        needs: a whole number of epochs from 1, and parts of other names than history
        fix:   new Checkpointing(path, { parts: { model, optimizer, loader } })]
    `);
    expect(() => new Checkpointing('x', { parts: { history: 1 } })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: Checkpointing: an option is out of range
        got:   every = 1, parts history
        needs: a whole number of epochs from 1, and parts of other names than history
        fix:   new Checkpointing(path, { parts: { model, optimizer, loader } })]
    `);
    expect(
      () => new Checkpointing('x', { parts, monitor: 'train.loss', mode: 'less' as 'min' }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: Checkpointing: what it watches is not clear
        got:   monitor = 'train.loss', mode = 'less', minDelta = 0
        needs: a series such as 'validation.loss' or 'train.accuracy'; 'min' or 'max'; a number, 0 or more
        fix:   { monitor: 'validation.accuracy', mode: 'max' }]
    `);
  });
});
