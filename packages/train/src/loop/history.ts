import { GradtapeError } from '@gradtape/autograd';
import type { State } from '@gradtape/data';

/** Numbers by name, each a list in the order of time. */
export type Series = Record<string, number[]>;

/** What a training came to so far: plain numbers, which a checkpoint can keep and `lineChart` draw. */
export interface History {
  /** Of each epoch: the means over its samples of what the step gave, and the metrics. */
  readonly train: Series;
  /** Of each epoch: what `validate` gave. */
  readonly validation: Series;
  /** Of each batch: what the step gave. */
  readonly batches: Series;
}

export function emptyHistory(): History {
  return { train: {}, validation: {}, batches: {} };
}

/** How many epochs a history tells of. */
export function epochsOf({ train }: History): number {
  return Math.max(0, ...Object.values(train).map((series) => series.length));
}

/** Writes numbers at the ends of their series. */
export function append(series: Series, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    series[name] ??= [];
    series[name].push(value);
  }
}

/**
 * A history of one's own that goes on from another: one of this process, or what a checkpoint kept of it.
 *
 * @throws GradtapeError if it is none.
 */
export function copyHistory(operation: string, given: History | State): History {
  const parts = given as Readonly<Record<string, unknown>> | null;
  const [train, validation, batches] = ['train', 'validation', 'batches'].map((name) => copySeries(parts?.[name]));
  if (train !== undefined && validation !== undefined && batches !== undefined) return { train, validation, batches };
  throw new GradtapeError(`${operation}: it cannot go on from this history`, {
    got: typeof given === 'object' ? `an object of ${Object.keys(given ?? {}).join(', ') || 'nothing'}` : `${given}`,
    needs: 'lists of numbers by name, in train, validation and batches',
    fix: 'give what fit returned, or checkpoint.values.history of a checkpoint that Checkpointing wrote',
  });
}

function copySeries(given: unknown): Series | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const series: Series = {};
  for (const [name, values] of Object.entries(given)) {
    if (!Array.isArray(values) || !values.every((value) => typeof value === 'number')) return undefined;
    series[name] = [...values];
  }
  return series;
}
