import { type Labels, membersOfClasses } from '../labels.ts';
import { stratifiedOrder } from '../splits/stratified-order.ts';
import { type BatchOptions, checkBatchSize, countBatches, cutIntoBatches } from './batch-sampler.ts';
import { type SeededOptions, SeededSampler } from './seeded-sampler.ts';

/**
 * Batches in which every class has its share of the samples, to less than two samples, and exactly where the shares are
 * whole. Each epoch has every sample once and draws anew which of them go together.
 *
 * @example
 * const labels = [0, 0, 0, 0, 1, 1];
 * const batches = new StratifiedBatchSampler(labels, { batchSize: 3 });
 * [...batches].map((batch) => batch.reduce((ones, i) => ones + labels[i], 0)); // [1, 1]
 */
export class StratifiedBatchSampler extends SeededSampler<Int32Array> {
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly #classes: readonly Int32Array[];
  readonly #samples: number;

  /**
   * @param labels - the class of each sample: a list, or a tensor of shape [samples].
   * @throws GradtapeError if the batch size is not a whole number from 1, or the labels are a tensor of another rank.
   */
  constructor(labels: Labels, { batchSize, dropLast = false, generator }: BatchOptions & SeededOptions) {
    super(generator);
    checkBatchSize('StratifiedBatchSampler', batchSize);
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.#classes = membersOfClasses('StratifiedBatchSampler', labels);
    this.#samples = labels.length;
  }

  get length(): number {
    return countBatches(this.#samples, this);
  }

  protected draw(): Int32Array[] {
    return cutIntoBatches(stratifiedOrder(this.#classes, this.generator), this);
  }
}
