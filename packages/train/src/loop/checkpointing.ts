import { GradtapeError } from '@gradtape/autograd';
import { type Restorable, type State, saveCheckpoint } from '@gradtape/data';
import type { Callback, Run } from './callback.ts';
import { Monitor, type MonitorOptions } from './monitor.ts';

export interface CheckpointingOptions extends MonitorOptions {
  /** What is saved, by name: model, optimizer, schedule, loader, and values of your own. */
  readonly parts: Readonly<Record<string, Restorable | State>>;
  /** After every so many epochs. Default: 1. */
  readonly every?: number;
}

/**
 * Saves a checkpoint at the end of epochs, with `saveCheckpoint` of `@gradtape/data`: the parts, and the history as
 * `history`. With `monitor` only when that was never better.
 *
 * @example
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { loadCheckpoint } from '@gradtape/data';
 * import { Linear } from '@gradtape/nn';
 *
 * const model = new Linear(2, 1);
 * const path = join(tmpdir(), 'example-fit.safetensors');
 * const step = (x: Tensor) => model.forward(x).mean();
 * const batches = [[ones([1, 2])]] as [Tensor][];
 * await fit(step, batches, { epochs: 2, callbacks: [new Checkpointing(path, { parts: { model } })] });
 *
 * const checkpoint = await loadCheckpoint(path);
 * checkpoint.restore({ model });
 * const history = await fit(step, batches, { epochs: 5, history: checkpoint.values.history });
 * history.train.loss.length; // 5
 */
export class Checkpointing implements Callback {
  readonly #path: string | ((epoch: number) => string);
  readonly #parts: Readonly<Record<string, Restorable | State>>;
  readonly #every: number;
  readonly #monitor: Monitor | undefined;

  /**
   * @param path - of the file, or what gives it for an epoch.
   * @throws GradtapeError for an option out of range, or a part of the name `history`.
   */
  constructor(path: string | ((epoch: number) => string), { parts, every = 1, ...monitor }: CheckpointingOptions) {
    if (!Number.isInteger(every) || every < 1 || 'history' in parts) {
      throw new GradtapeError('Checkpointing: an option is out of range', {
        got: `every = ${every}, parts ${Object.keys(parts).join(', ')}`,
        needs: 'a whole number of epochs from 1, and parts of other names than history',
        fix: 'new Checkpointing(path, { parts: { model, optimizer, loader } })',
      });
    }
    this.#path = path;
    this.#parts = parts;
    this.#every = every;
    this.#monitor = monitor.monitor === undefined ? undefined : new Monitor('Checkpointing', monitor);
  }

  async onEpochEnd({ epoch, history }: Run): Promise<void> {
    const series = this.#monitor?.series(history);
    const isDue = epoch % this.#every === 0;
    if (!isDue || (series !== undefined && this.#monitor?.bestIndex(series) !== series.length - 1)) return;
    const path = typeof this.#path === 'string' ? this.#path : this.#path(epoch);
    await saveCheckpoint(path, { ...this.#parts, history: { ...history } });
  }
}
