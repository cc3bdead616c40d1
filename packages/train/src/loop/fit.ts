import { GradtapeError } from '@gradtape/autograd';
import type { State } from '@gradtape/data';
import { BatchMeans } from './batch-means.ts';
import type { Callback, Run } from './callback.ts';
import { append, copyHistory, emptyHistory, epochsOf, type History } from './history.ts';
import { type NamedMetrics, resetAll, withMetrics } from './named-metrics.ts';
import { failOnNoBatches } from './no-batches.ts';
import { type Batches, runStep, type Step } from './step.ts';

export interface FitOptions {
  /** The last epoch: how many there are, together with those of `history`. */
  readonly epochs: number;
  /** Called after each epoch; its numbers go into `history.validation`. Usually `() => evaluate(step, heldOut, { model })`. */
  readonly validate?: () => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
  /** What the step updates: they are reset before each epoch, and their values are in `history.train`. */
  readonly metrics?: NamedMetrics;
  readonly callbacks?: readonly Callback[];
  /** The history that this training goes on from, as `fit` returned it or a checkpoint kept it. Default: a new one. */
  readonly history?: History | State;
}

/**
 * Trains: calls a step with every batch of a loader, epoch by epoch. The step is the user's own, and does everything:
 * forward, backward, optimizer. `fit` reads what it gives, and tells the callbacks.
 *
 * @param step - gives the loss of a batch, or several numbers by name; compiled or not.
 * @returns all numbers: of each epoch, the means over its samples.
 * @throws GradtapeError if `epochs` is no count, there are no batches, or the step does not give numbers.
 * @example
 * import { DataLoader, iris } from '@gradtape/data';
 * import { Linear } from '@gradtape/nn';
 * import { Adam } from '@gradtape/optim';
 *
 * const model = new Linear(4, 3);
 * const optimizer = new Adam(model.parameters(), { lr: 0.05 });
 * const loader = new DataLoader(iris(), { batchSize: 30, shuffle: true });
 * const accuracy = new Accuracy();
 * const lossOf = (x: Tensor, y: Tensor) => {
 *   const logits = model.forward(x);
 *   accuracy.update(logits, y);
 *   return crossEntropy(logits, y);
 * };
 * const history = await fit(
 *   (x, y) => {
 *     optimizer.zeroGrad();
 *     const loss = lossOf(x, y);
 *     loss.backward();
 *     optimizer.step();
 *     return loss;
 *   },
 *   loader,
 *   { epochs: 20, metrics: { accuracy }, validate: () => evaluate(lossOf, loader, { model }) },
 * );
 * history.train.loss.length; // 20
 * (history.train.accuracy.at(-1) ?? 0) > 0.9; // true
 */
export async function fit<Batch>(step: Step<Batch>, loader: Batches<Batch>, options: FitOptions): Promise<History> {
  const { epochs, callbacks = [], validate, metrics = {} } = options;
  checkEpochs(epochs);
  const history = options.history === undefined ? emptyHistory() : copyHistory('fit', options.history);
  const run = new RunState(history, epochs, batchesOf(loader));
  const tell = async (moment: keyof Callback): Promise<void> => {
    for (const callback of callbacks) await callback[moment]?.(run);
  };
  try {
    await tell('onFitStart');
    while (!run.isStopped && run.epoch < epochs) {
      run.beginEpoch();
      resetAll(metrics);
      await tell('onEpochStart');
      const means = new BatchMeans();
      for await (const batch of loader) {
        run.batch++;
        await tell('onBatchStart');
        const result = runStep('fit', step, batch);
        means.add(result);
        append(history.batches, result.numbers);
        await tell('onBatchEnd');
        if (run.isStopped) break;
      }
      if (means.isEmpty) failOnNoBatches('fit');
      append(history.train, withMetrics('fit', means.compute(), metrics));
      if (validate !== undefined) append(history.validation, await validate());
      await tell('onEpochEnd');
    }
  } finally {
    await tell('onFitEnd');
  }
  return history;
}

class RunState implements Run {
  readonly history: History;
  readonly epochs: number;
  readonly batches: number | undefined;
  epoch: number;
  batch = 0;
  isStopped = false;

  constructor(history: History, epochs: number, batches: number | undefined) {
    this.history = history;
    this.epochs = epochs;
    this.batches = batches;
    this.epoch = epochsOf(history);
  }

  beginEpoch(): void {
    this.epoch++;
    this.batch = 0;
  }

  stop(): void {
    this.isStopped = true;
  }
}

/** The length of a loader; some have one, and of others nobody knows. */
function batchesOf(loader: object): number | undefined {
  try {
    return 'length' in loader && typeof loader.length === 'number' ? loader.length : undefined;
  } catch {
    return undefined;
  }
}

function checkEpochs(epochs: number): void {
  if (Number.isSafeInteger(epochs) && epochs >= 0) return;
  throw new GradtapeError('fit: epochs is no count', {
    got: `epochs = ${epochs}`,
    needs: 'a whole number from 0',
    fix: 'fit(step, loader, { epochs: 10 })',
  });
}
