import { GradtapeError, Tensor } from '@gradtape/autograd';
import { checkCount } from '../check-count.ts';
import { type BatchOptions, checkBatchSize, countBatches, cutIntoBatches } from './batch-sampler.ts';
import { type SeededOptions, SeededSampler } from './seeded-sampler.ts';

export interface BucketBatchSamplerOptions extends BatchOptions, SeededOptions {
  /**
   * How many batches' samples are drawn at a time and put in order of length: more of them waste less padding, fewer mix
   * better. Default: 100.
   */
  readonly bucketBatches?: number;
}

/**
 * Batches of samples of about the same length, so that little of them is padding. Each epoch draws an order, cuts it into
 * buckets, sorts each bucket by length, cuts it into batches, and draws the order of the batches; the shorter last batch,
 * if there is one, stays the last.
 *
 * @example
 * const lengths = [9, 2, 8, 1];
 * const batches = new BucketBatchSampler(lengths, { batchSize: 2 });
 * [...batches].map((batch) => [...batch].sort().join()).sort(); // ['0,2', '1,3']
 */
export class BucketBatchSampler extends SeededSampler<Int32Array> {
  readonly lengths: Float64Array;
  readonly batchSize: number;
  readonly dropLast: boolean;
  readonly bucketBatches: number;

  /**
   * @param lengths - the length of each sample: a list, or a tensor of shape [samples].
   * @throws GradtapeError if a length is negative or no number, or an option is not a whole number from 1.
   */
  constructor(lengths: Tensor | readonly number[], options: BucketBatchSamplerOptions) {
    const { batchSize, dropLast = false, bucketBatches = 100, generator } = options;
    super(generator);
    checkBatchSize('BucketBatchSampler', batchSize);
    checkCount('BucketBatchSampler', 'bucketBatches', bucketBatches, 1, 'leave it out for 100 batches');
    this.lengths = checkLengths(lengths);
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.bucketBatches = bucketBatches;
  }

  get length(): number {
    return countBatches(this.lengths.length, this);
  }

  protected draw(): Int32Array[] {
    const { generator, lengths, batchSize } = this;
    const order = generator.permutation(lengths.length);
    const bucketSize = batchSize * this.bucketBatches;
    for (let start = 0; start < order.length; start += bucketSize) {
      order.subarray(start, start + bucketSize).sort((i, j) => lengths[i] - lengths[j]);
    }
    const batches = cutIntoBatches(order, this);
    const whole = Math.floor(order.length / batchSize);
    const mixed = Array.from(generator.permutation(whole), (i) => batches[i]);
    return [...mixed, ...batches.slice(whole)];
  }
}

function checkLengths(given: Tensor | readonly number[]): Float64Array {
  const lengths = Float64Array.from(given instanceof Tensor ? given.toTypedArray() : given);
  const wrong = lengths.findIndex((length) => !(length >= 0));
  const isList = !(given instanceof Tensor) || given.rank === 1;
  if (isList && wrong < 0) return lengths;
  throw new GradtapeError('BucketBatchSampler: not the lengths of samples', {
    got: isList ? `lengths[${wrong}] = ${lengths[wrong]}` : `a tensor of shape [${given.shape.join(', ')}]`,
    needs: 'one number for each sample, 0 or more',
    fix: 'pass samples.map((sample) => sample.length)',
  });
}
