import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crossEntropy, manualSeed, mseLoss, ones, randn, type Tensor, tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { DataLoader, loadCheckpoint, TensorDataset } from '@gradtape/data';
import { Dropout, Linear, ReLU, Sequential } from '@gradtape/nn';
import { Adam } from '@gradtape/optim';
import { afterAll, describe, expect, test } from 'vitest';
import { Accuracy, AUROC, ConfusionMatrix } from '../metrics/index.ts';
import { type Callback, Checkpointing, evaluate, PrintProgress, type Run, fit as train } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gradtape-fit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that a small training needs; the same each time. */
function training() {
  manualSeed(5);
  const [x, y] = [
    randn([22, 2]),
    tensor(
      Array.from({ length: 22 }, (_, i) => i % 2),
      { dtype: 'int32' },
    ),
  ];
  const model = new Sequential(new Linear(2, 8), new ReLU(), new Dropout(0.2), new Linear(8, 2));
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const loader = new DataLoader(new TensorDataset(x.add(y.unsqueeze(1)), y), { batchSize: 8, shuffle: true });
  const lossOf = (x: Tensor, y: Tensor): Tensor => crossEntropy(model.forward(x), y);
  const step = (x: Tensor, y: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = lossOf(x, y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  return { model, optimizer, loader, lossOf, step };
}

const losses: readonly [loss: number, weight: number][] = [
  [4, 1],
  [2, 3],
  [0, 2],
];

// Of another name here: to some test runners `fit` is a test that runs alone.
describe('fit', () => {
  test('gives every batch to the step, and keeps means weighted by samples', async () => {
    const loader: readonly [Tensor, number][] = [
      [ones([3, 1]), 1],
      [ones([1, 1]), 5],
    ];
    const history = await train((x: Tensor, loss: number) => ({ loss: x.mean().mul(loss), double: 2 * loss }), loader, {
      epochs: 2,
      validate: () => ({ loss: 7 }),
    });
    expect(history).toEqual({
      train: { loss: [2, 2], double: [4, 4] },
      validation: { loss: [7, 7] },
      batches: { loss: [1, 5, 1, 5], double: [2, 10, 2, 10] },
    });
  });

  test('trains, the same compiled or not, also on batches that must be waited for', async () => {
    const plain = training();
    const history = await train(plain.step, plain.loader, { epochs: 3 });
    const compiled = training();
    const again = await train(compile(compiled.step), compiled.loader, { epochs: 3 });
    expect(history.batches.loss).toHaveLength(9);
    for (const [i, loss] of again.batches.loss.entries()) expect(loss).toBeCloseTo(history.batches.loss[i], 5);
    const waiting = training();
    async function* slow(): AsyncGenerator<[Tensor, Tensor]> {
      for (const batch of waiting.loader) yield Promise.resolve(batch);
    }
    const third = await train(waiting.step, { [Symbol.asyncIterator]: slow }, { epochs: 3 });
    expect(third).toEqual(history);
  });

  test('resets metrics before each epoch, and reports them after it', async () => {
    const accuracy = new Accuracy();
    const loader = [
      [tensor([1, 0]), tensor([1, 1])],
      [tensor([1, 1]), tensor([1, 1])],
    ] as const;
    const history = await train(
      (answers: Tensor, targets: Tensor) => {
        accuracy.update(answers, targets);
        return 0;
      },
      loader,
      { epochs: 2, metrics: { accuracy } },
    );
    expect(history.train.accuracy).toEqual([0.75, 0.75]);
  });

  test('tells the callbacks each moment, in their order, and waits for them', async () => {
    const told: string[] = [];
    const moments = ['onFitStart', 'onEpochStart', 'onBatchStart', 'onBatchEnd', 'onEpochEnd', 'onFitEnd'] as const;
    const listener = (name: string): Callback =>
      Object.fromEntries(
        moments.map((moment) => [
          moment,
          async ({ epoch, batch, batches, history }: Run) => {
            await Promise.resolve();
            told.push(`${name} ${moment} ${epoch}.${batch}/${batches} ${history.batches.loss?.length ?? 0}`);
          },
        ]),
      );
    await train((loss: number, _weight: number) => loss, losses.slice(0, 1), {
      epochs: 1,
      callbacks: [listener('a'), listener('b')],
    });
    expect(told).toEqual([
      'a onFitStart 0.0/1 0',
      'b onFitStart 0.0/1 0',
      'a onEpochStart 1.0/1 0',
      'b onEpochStart 1.0/1 0',
      'a onBatchStart 1.1/1 0',
      'b onBatchStart 1.1/1 0',
      'a onBatchEnd 1.1/1 1',
      'b onBatchEnd 1.1/1 1',
      'a onEpochEnd 1.1/1 1',
      'b onEpochEnd 1.1/1 1',
      'a onFitEnd 1.1/1 1',
      'b onFitEnd 1.1/1 1',
    ]);
  });

  test('stops after a batch if a callback says so, and calls onFitEnd also after an error', async () => {
    const history = await train((loss: number, _weight: number) => loss, losses, {
      epochs: 5,
      callbacks: [{ onBatchEnd: (run) => (run.epoch === 2 && run.batch === 2 ? run.stop() : undefined) }],
    });
    expect(history).toEqual({
      train: { loss: [2, 3] },
      validation: {},
      batches: { loss: [4, 2, 0, 4, 2] },
    });
    let ended = 0;
    const failing = (): number => {
      throw new Error('no more memory');
    };
    await expect(train(failing, [[]], { epochs: 1, callbacks: [{ onFitEnd: () => void ended++ }] })).rejects.toThrow(
      'no more memory',
    );
    expect(ended).toBe(1);
  });

  test('that goes on from a checkpoint gives the bits of one that was not interrupted', async () => {
    const whole = training();
    const expected = await train(whole.step, whole.loader, { epochs: 5 });

    const path = join(folder, 'half.safetensors');
    const first = training();
    const parts = { model: first.model, optimizer: first.optimizer, loader: first.loader };
    await train(first.step, first.loader, { epochs: 3, callbacks: [new Checkpointing(path, { parts, every: 3 })] });

    const second = training();
    manualSeed(99);
    const checkpoint = await loadCheckpoint(path);
    checkpoint.restore({ model: second.model, optimizer: second.optimizer, loader: second.loader });
    const history = await train(second.step, second.loader, { epochs: 5, history: checkpoint.values.history });
    expect(history).toEqual(expected);
    const weights = ({ model }: typeof whole) => model.parameters().map((parameter) => parameter.toArray());
    expect(weights(second)).toEqual(weights(whole));
  });

  test('leaves a history that it goes on from as it was, and does nothing if all epochs are done', async () => {
    const first = await train((loss: number, _weight: number) => loss, losses, { epochs: 1 });
    const before = structuredClone(first);
    const longer = await train((loss: number, _weight: number) => loss, losses, { epochs: 2, history: first });
    expect(first).toEqual(before);
    expect(longer.train.loss).toEqual([2, 2]);
    expect(await train((loss: number, _weight: number) => loss, losses, { epochs: 1, history: longer })).toEqual(
      longer,
    );
  });

  test('refuses what it cannot work with', async () => {
    await expect(train(() => 0, [[]], { epochs: -1 })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fit: epochs is no count
        got:   epochs = -1
        needs: a whole number from 0
        fix:   fit(step, loader, { epochs: 10 })]
    `);
    await expect(train(() => 0, [], { epochs: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fit: the loader has no batches
        got:   no batch in an epoch
        needs: at least one
        fix:   check the dataset, and that dropLast does not leave out all; a generator runs once: give a loader that begins anew]
    `);
    await expect(train(() => ones([2]), [[]], { epochs: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fit: a step must give numbers
        got:   loss: a tensor [2]
        needs: a loss with one entry, or an object of such numbers: { loss, accuracy }
        fix:   take the mean of a batch]
    `);
    const nothing = (): number => undefined as unknown as number;
    await expect(train(nothing, [[]], { epochs: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fit: a step must give numbers
        got:   nothing
        needs: a loss with one entry, or an object of such numbers: { loss, accuracy }
        fix:   end the step with return loss]
    `);
    const waiting = async (): Promise<number> => 1;
    await expect(
      train(waiting as unknown as () => number, [[]], { epochs: 1 }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fit: a step must give numbers
        got:   a promise
        needs: a loss with one entry, or an object of such numbers: { loss, accuracy }
        fix:   a step does not wait: make it no async function]
    `);
    const late = () => ({ loss: Promise.resolve(1) as unknown as number });
    await expect(train(late, [[]], { epochs: 1 })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fit: a step must give numbers
        got:   loss: object
        needs: a loss with one entry, or an object of such numbers: { loss, accuracy }
        fix:   a step does not wait: make it no async function]
    `);
    const matrix = new ConfusionMatrix();
    await expect(train(() => 0, [[]], { epochs: 1, metrics: { matrix } })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fit: a metric must give one number, under a name of its own
        got:   matrix of shape [2, 2]
        needs: metrics such as { accuracy: new Accuracy() }
        fix:   compute it after the run; of scores, choose an average]
    `);
    const loss = new AUROC();
    await expect(train(() => 0, [[]], { epochs: 1, metrics: { loss } })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fit: a metric must give one number, under a name of its own
        got:   loss from the step, and as a metric
        needs: metrics such as { accuracy: new Accuracy() }
        fix:   rename one of them]
    `);
    await expect(
      train(() => 0, [[]], { epochs: 1, history: { train: {} } }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fit: it cannot go on from this history
        got:   an object of train
        needs: lists of numbers by name, in train, validation and batches
        fix:   give what fit returned, or checkpoint.values.history of a checkpoint that Checkpointing wrote]
    `);
  });
});

describe('evaluate', () => {
  test('runs without tape and in evaluation mode, which it then ends, part by part', async () => {
    const { model, loader, lossOf } = training();
    model[1].training = false;
    const before = model.modules().map(({ training }) => training);
    const seen: boolean[] = [];
    const results = await evaluate(
      (x, y) => {
        const loss = lossOf(x, y);
        seen.push(model[2].training, loss.requiresGrad);
        return loss;
      },
      loader,
      { model },
    );
    expect(new Set(seen)).toEqual(new Set([false]));
    expect(model.modules().map(({ training }) => training)).toEqual(before);
    // In another order, but without dropout.
    expect(results.loss).toBeCloseTo((await evaluate(lossOf, loader, { model })).loss, 5);
  });

  test('weights batches by their samples, and gives metrics', async () => {
    const accuracy = new Accuracy();
    const results = await evaluate(
      (x: Tensor, t: Tensor) => {
        accuracy.update(x, t);
        return { error: mseLoss(x, t), one: 1 };
      },
      [
        [tensor([1, 1, 1]), tensor([1, 1, 1])],
        [tensor([0]), tensor([1])],
      ] as const,
      { metrics: { accuracy } },
    );
    expect(results).toEqual({ error: 0.25, one: 1, accuracy: 0.75 });
  });

  test('puts the mode back also after an error, and refuses a loader without batches', async () => {
    const { model } = training();
    const failing = (): number => {
      throw new Error('no');
    };
    await expect(evaluate(failing, [[]], { model })).rejects.toThrow('no');
    expect(model.training).toBe(true);
    await expect(evaluate(() => 0, [])).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: evaluate: the loader has no batches
        got:   no batch in an epoch
        needs: at least one
        fix:   check the dataset, and that dropLast does not leave out all; a generator runs once: give a loader that begins anew]
    `);
  });
});

describe('PrintProgress', () => {
  test('prints every so many epochs, and the last', async () => {
    const lines: string[] = [];
    await train((loss: number) => ({ loss, accuracy: 0.98765 }), [[1.23456]], {
      epochs: 5,
      validate: () => ({ loss: 2 }),
      callbacks: [new PrintProgress({ every: 2, write: (line) => lines.push(line) })],
    });
    expect(lines).toEqual([
      'epoch 2/5: loss 1.235, accuracy 0.9877, validation loss 2',
      'epoch 4/5: loss 1.235, accuracy 0.9877, validation loss 2',
      'epoch 5/5: loss 1.235, accuracy 0.9877, validation loss 2',
    ]);
  });
});
