import { GradtapeError } from '@gradtape/autograd';
import type { History } from './history.ts';

/** The place of a series in the history: `validation.loss`. */
export type SeriesName = `${'train' | 'validation'}.${string}`;

export interface MonitorOptions {
  /** What is watched. Default: 'validation.loss'. */
  readonly monitor?: SeriesName;
  /** Whether less is better, or more: 'max' for an accuracy. Default: 'min'. */
  readonly mode?: 'min' | 'max';
  /** What an improvement must exceed. Default: 0. */
  readonly minDelta?: number;
}

/** Watches one series of a history for its best value. */
export class Monitor {
  readonly #operation: string;
  readonly #part: 'train' | 'validation';
  readonly #name: string;
  readonly #sign: 1 | -1;
  readonly #minDelta: number;

  /** @throws GradtapeError for a mode that there is not, or a `minDelta` below 0. */
  constructor(operation: string, { monitor = 'validation.loss', mode = 'min', minDelta = 0 }: MonitorOptions) {
    const dot = monitor.indexOf('.');
    const part = monitor.slice(0, dot);
    if ((part !== 'train' && part !== 'validation') || (mode !== 'min' && mode !== 'max') || !(minDelta >= 0)) {
      throw new GradtapeError(`${operation}: what it watches is not clear`, {
        got: `monitor = '${monitor}', mode = '${mode}', minDelta = ${minDelta}`,
        needs: "a series such as 'validation.loss' or 'train.accuracy'; 'min' or 'max'; a number, 0 or more",
        fix: "{ monitor: 'validation.accuracy', mode: 'max' }",
      });
    }
    this.#operation = operation;
    this.#part = part;
    this.#name = monitor.slice(dot + 1);
    this.#sign = mode === 'min' ? 1 : -1;
    this.#minDelta = minDelta;
  }

  /** @throws GradtapeError if the history has no such series. */
  series(history: History): readonly number[] {
    const series = history[this.#part][this.#name];
    if (series !== undefined) return series;
    const present = (['train', 'validation'] as const).flatMap((part) =>
      Object.keys(history[part]).map((name) => `${part}.${name}`),
    );
    throw new GradtapeError(`${this.#operation}: what it watches is not in the history`, {
      got: `monitor = '${this.#part}.${this.#name}'`,
      needs: `among ${present.join(', ') || 'nothing'}`,
      fix: 'let validate give it: fit(step, loader, { validate: () => evaluate(…) })',
    });
  }

  /** Where in a series it was best so far, by more than `minDelta` each time; -1 if all are NaN. */
  bestIndex(series: readonly number[]): number {
    let best = -1;
    for (const [i, value] of series.entries()) {
      if (Number.isNaN(value)) continue;
      if (best < 0 || this.#sign * (series[best] - value) > this.#minDelta) best = i;
    }
    return best;
  }
}
