import { checkCount } from '../check-count.ts';
import type { State } from '../state.ts';
import type { Sampler } from './sampler.ts';

export interface BatchOptions {
  /** Samples of a batch. */
  readonly batchSize: number;
  /** Whether a last batch of fewer samples is left out. Default: false. */
  readonly dropLast?: boolean;
}

/**
 * What another sampler gives, in batches.
 *
 * @example
 * const batches = new BatchSampler([3, 1, 4, 1, 5], { batchSize: 2 });
 * [...batches].map((batch) => batch.length); // [2, 2, 1]
 */
export class BatchSampler implements Sampler<Int32Array> {
  readonly sampler: Sampler;
  readonly batchSize: number;
  readonly dropLast: boolean;

  /** @throws GradtapeError if the batch size is not a whole number from 1. */
  constructor(sampler: Sampler, { batchSize, dropLast = false }: BatchOptions) {
    checkBatchSize('BatchSampler', batchSize);
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }

  /** The number of batches; NaN if the other sampler does not know its length. */
  get length(): number {
    return countBatches(this.sampler.length ?? Number.NaN, this);
  }

  *[Symbol.iterator](): Iterator<Int32Array> {
    let batch: number[] = [];
    for (const index of this.sampler) {
      batch.push(index);
      if (batch.length < this.batchSize) continue;
      yield Int32Array.from(batch);
      batch = [];
    }
    if (batch.length > 0 && !this.dropLast) yield Int32Array.from(batch);
  }

  /** The state of the other sampler. */
  stateDict(): State {
    return this.sampler.stateDict?.() ?? null;
  }

  loadStateDict(state: State): void {
    if (state !== null) this.sampler.loadStateDict?.(state);
  }
}

export function checkBatchSize(operation: string, batchSize: number): void {
  checkCount(operation, 'batchSize', batchSize, 1, 'pass dataset.length for all samples in one batch');
}

/** How many batches so many samples make. */
export function countBatches(samples: number, { batchSize, dropLast = false }: BatchOptions): number {
  return dropLast ? Math.floor(samples / batchSize) : Math.ceil(samples / batchSize);
}

/** An order cut into batches. */
export function cutIntoBatches(order: Int32Array, options: BatchOptions): Int32Array[] {
  const { batchSize } = options;
  return Array.from({ length: countBatches(order.length, options) }, (_, i) =>
    order.subarray(i * batchSize, (i + 1) * batchSize),
  );
}
