import { GradtapeError, type Tensor } from '@gradtape/autograd';
import type { Module } from '@gradtape/nn';
import type { Callback, Run } from './callback.ts';
import { Monitor, type MonitorOptions } from './monitor.ts';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** After how many epochs in a row without improvement the training ends. Default: 3. */
  readonly patience?: number;
  /** Gets the weights of the best epoch back at the end, however it ends. Default: nothing is put back. */
  readonly restoreBest?: Module;
}

/**
 * Ends a training that does not get better any more. NaN is no improvement. What it knows is in the history: a training that goes on
 * from one goes on waiting, too (but the best weights must come from this run).
 *
 * @example
 * const stopping = new EarlyStopping({ monitor: 'train.loss', patience: 2 });
 * const losses = [3, 2, 2.5, 2.25, 1].values();
 * const history = await fit(() => losses.next().value ?? 0, [[]], { epochs: 10, callbacks: [stopping] });
 * stopping.bestEpoch; // 2
 * history.train.loss; // [3, 2, 2.5, 2.25]
 */
export class EarlyStopping implements Callback {
  readonly patience: number;
  readonly #monitor: Monitor;
  readonly #model: Module | undefined;
  #best: { readonly epoch: number; readonly weights: Record<string, Tensor> } | undefined;
  #bestEpoch = 0;

  /** @throws GradtapeError for an option out of range. */
  constructor({ patience = 3, restoreBest, ...monitor }: EarlyStoppingOptions = {}) {
    if (!Number.isInteger(patience) || patience < 1) {
      throw new GradtapeError('EarlyStopping: patience is out of range', {
        got: `patience = ${patience}`,
        needs: 'a whole number of epochs from 1',
        fix: 'usual is 3 to 10: new EarlyStopping({ patience: 5 })',
      });
    }
    this.patience = patience;
    this.#model = restoreBest;
    this.#monitor = new Monitor('EarlyStopping', monitor);
  }

  /** The best epoch so far, from 1; 0 as long as there is none. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  onFitStart(): void {
    this.#best = undefined;
    this.#bestEpoch = 0;
  }

  onEpochEnd(run: Run): void {
    const series = this.#monitor.series(run.history);
    this.#bestEpoch = this.#monitor.bestIndex(series) + 1;
    if (this.#bestEpoch === series.length && this.#model !== undefined) {
      this.#best = { epoch: this.#bestEpoch, weights: this.#model.stateDict() };
    }
    if (series.length - this.#bestEpoch >= this.patience) run.stop();
  }

  onFitEnd(): void {
    // Weights of a worse epoch than that of the history are not the best ones.
    if (this.#best?.epoch === this.#bestEpoch) this.#model?.loadStateDict(this.#best.weights);
  }
}
