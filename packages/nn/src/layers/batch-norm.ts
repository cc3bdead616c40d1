import { batchNorm, GradtapeError, ones, type Tensor, zeros } from '@gradtape/autograd';
import { Buffer } from '../buffer.ts';
import { ChannelNorm, type ChannelNormOptions } from './channel-norm.ts';

export interface BatchNormLayerOptions<Affine extends boolean> extends ChannelNormOptions<Affine> {
  /** How much of each batch goes into the running statistics; null for the mean of all batches alike. Default: 0.1. */
  readonly momentum?: number | null;
  /** Whether to keep running statistics; without them, those of the batch serve evaluation, too. Default: true. */
  readonly trackRunningStats?: boolean;
}

abstract class BatchNorm<Name extends string, Channels extends number, Affine extends boolean> extends ChannelNorm<
  Name,
  Channels,
  Affine
> {
  readonly numFeatures: number;
  readonly momentum: number | null;
  /** The mean of each channel over the batches so far; null with `{ trackRunningStats: false }`. */
  readonly runningMean: Buffer | null;
  /** The unbiased variance of each channel over the batches so far; null with `{ trackRunningStats: false }`. */
  readonly runningVar: Buffer | null;
  /** How many batches these have seen, dtype int32; null with `{ trackRunningStats: false }`. */
  readonly numBatchesTracked: Buffer | null;
  readonly #ranks: readonly number[];

  constructor(ranks: readonly number[], numFeatures: number, options: BatchNormLayerOptions<Affine>) {
    super(numFeatures, options, numFeatures, options);
    const { momentum = 0.1, trackRunningStats = true, dtype } = options;
    this.#ranks = ranks;
    this.numFeatures = numFeatures;
    this.momentum = momentum;
    this.runningMean = trackRunningStats ? new Buffer(zeros([numFeatures], { dtype })) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones([numFeatures], { dtype })) : null;
    this.numBatchesTracked = trackRunningStats ? new Buffer(zeros([], { dtype: 'int32' })) : null;
  }

  protected override compute(x: Tensor): Tensor {
    this.#checkRank(x);
    const { weight, bias, eps, runningMean, runningVar, numBatchesTracked } = this;
    if (runningMean === null || runningVar === null || numBatchesTracked === null) {
      return batchNorm(x, { weight, bias, eps, training: true }).output;
    }
    const running = { runningMean: runningMean.value, runningVar: runningVar.value };
    if (!this.training) return batchNorm(x, { weight, bias, eps, ...running }).output;
    const count = numBatchesTracked.value.add(1);
    const momentum = this.momentum ?? 1 / count.item();
    const batch = batchNorm(x, { weight, bias, eps, ...running, training: true, momentum });
    runningMean.assign(batch.runningMean as Tensor);
    runningVar.assign(batch.runningVar as Tensor);
    numBatchesTracked.assign(count);
    return batch.output;
  }

  #checkRank(x: Tensor): void {
    if (this.#ranks.includes(x.rank)) return;
    throw new GradtapeError(`${this.constructor.name}: the input has not the right number of dims`, {
      got: `shape [${x.shape.join(', ')}]`,
      needs: `[batch, channels, …] with ${this.#ranks.join(' or ')} dims`,
      fix: 'unsqueeze(0) adds a batch; BatchNorm1d, BatchNorm2d and BatchNorm3d differ in the dims of space',
    });
  }
}

/**
 * `batchNorm` of inputs `[N, C]` or `[N, C, length]`, with a weight and a bias that are learned for each channel. While
 * training it uses the statistics of the batch and moves the running ones, in evaluation it uses those. Ioffe and Szegedy,
 * 2015.
 */
export class BatchNorm1d<Channels extends number = number, Affine extends boolean = true> extends BatchNorm<
  'BatchNorm1d',
  Channels,
  Affine
> {
  constructor(numFeatures: Channels, options: BatchNormLayerOptions<Affine> = {}) {
    super([2, 3], numFeatures, options);
  }
}

/** {@link BatchNorm1d} for inputs `[N, C, height, width]`. */
export class BatchNorm2d<Channels extends number = number, Affine extends boolean = true> extends BatchNorm<
  'BatchNorm2d',
  Channels,
  Affine
> {
  constructor(numFeatures: Channels, options: BatchNormLayerOptions<Affine> = {}) {
    super([4], numFeatures, options);
  }
}

/** {@link BatchNorm1d} for inputs `[N, C, depth, height, width]`. */
export class BatchNorm3d<Channels extends number = number, Affine extends boolean = true> extends BatchNorm<
  'BatchNorm3d',
  Channels,
  Affine
> {
  constructor(numFeatures: Channels, options: BatchNormLayerOptions<Affine> = {}) {
    super([5], numFeatures, options);
  }
}
