import { defaultGenerator, type Generator, GradtapeError } from '@gradtape/autograd';
import type { Collated } from './collate.ts';
import type { Dataset } from './dataset.ts';
import { readBatch } from './read-batch.ts';

export interface DataLoaderOptions<Sample, Batch> {
  /** Samples of a batch. Default: 1. */
  readonly batchSize?: number;
  /** Whether each epoch takes the samples in a new random order. Default: false, the dataset's own order. */
  readonly shuffle?: boolean;
  /** Whether a last batch of fewer samples is left out. Default: false. */
  readonly dropLast?: boolean;
  /** Where the orders are drawn from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
  /** Joins the samples of a batch. Default: `collate`. */
  readonly collate?: (samples: Sample[]) => Batch;
}

/**
 * The batches of a dataset. Each loop over it is an epoch: every sample once (but for what `dropLast` leaves out). With
 * `shuffle` a loop begins by drawing its order, so that the same seed gives the same batches.
 *
 * @example
 * const dataset = new TensorDataset(tensor([[1], [2], [3]]), tensor([0, 1, 0], { dtype: 'int32' }));
 * for (const [x, y] of new DataLoader(dataset, { batchSize: 2, shuffle: true })) {
 *   // x: [2, 1], then [1, 1]; y: [2], then [1]
 * }
 */
export class DataLoader<Sample, Batch = Collated<Sample>> implements Iterable<Batch> {
  readonly dataset: Dataset<Sample>;
  readonly batchSize: number;
  readonly #shuffle: boolean;
  readonly #dropLast: boolean;
  readonly #generator: Generator | undefined;
  readonly #read: (indices: Int32Array) => Batch;

  /** @throws GradtapeError if the batch size is not a whole number from 1. */
  constructor(dataset: Dataset<Sample>, options: DataLoaderOptions<Sample, Batch> = {}) {
    const { batchSize = 1, shuffle = false, dropLast = false, generator, collate } = options;
    checkBatchSize(batchSize);
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.#shuffle = shuffle;
    this.#dropLast = dropLast;
    this.#generator = generator;
    this.#read = collate
      ? (indices) => collate(Array.from(indices, (index) => dataset.get(index)))
      : // Without a function of its own, `Batch` is its default.
        (indices) => readBatch(dataset, indices) as Batch;
  }

  /** The number of batches of an epoch. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.#dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Iterator<Batch> {
    const order = this.#order();
    const { length: batches, batchSize } = this;
    for (let i = 0; i < batches; i++) yield this.#read(order.subarray(i * batchSize, (i + 1) * batchSize));
  }

  #order(): Int32Array {
    const { length } = this.dataset;
    if (this.#shuffle) return (this.#generator ?? defaultGenerator()).permutation(length);
    return Int32Array.from({ length }, (_, i) => i);
  }
}

function checkBatchSize(batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize > 0) return;
  throw new GradtapeError('DataLoader: not a batch size', {
    got: `${batchSize}`,
    needs: 'a whole number from 1',
    fix: 'pass dataset.length for all samples in one batch',
  });
}
