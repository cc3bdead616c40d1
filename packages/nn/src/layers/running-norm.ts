import { GradtapeError, type NormalizedBatch, ones, type Tensor, zeros } from '@gradtape/autograd';
import { Buffer } from '../buffer.ts';
import { ChannelNorm, type ChannelNormOptions } from './channel-norm.ts';

export interface RunningNormOptions<Affine extends boolean, Bias extends boolean>
  extends ChannelNormOptions<Affine, Bias> {
  /** How much of each batch goes into the running statistics; null for the mean of all batches alike. Default: 0.1. */
  readonly momentum?: number | null;
  /**
   * Whether to keep running statistics; without them, those of the input serve evaluation, too. Default: true for batch
   * normalization, false for instance normalization.
   */
  readonly trackRunningStats?: boolean;
}

/** What a normalization works with. */
export interface Ingredients {
  readonly weight: Tensor | null;
  readonly bias: Tensor | null;
  readonly eps: number;
  readonly runningMean?: Tensor;
  readonly runningVar?: Tensor;
  readonly momentum?: number | Tensor;
}

/** A normalization that keeps statistics of its inputs while training, to use them in evaluation. */
export abstract class RunningNorm<
  Name extends string,
  Channels extends number,
  Affine extends boolean,
  Bias extends boolean,
> extends ChannelNorm<Name, Channels, Affine, Bias> {
  readonly numFeatures: number;
  readonly momentum: number | null;
  /** The mean of each channel over the batches so far; null where none is kept. */
  readonly runningMean: Buffer | null;
  /** The unbiased variance of each channel over the batches so far; null where none is kept. */
  readonly runningVar: Buffer | null;
  /** How many batches these have seen, dtype int32; null where none are kept. */
  readonly numBatchesTracked: Buffer | null;
  readonly #ranks: readonly number[];

  constructor(
    ranks: readonly number[],
    numFeatures: number,
    options: RunningNormOptions<Affine, Bias>,
    written: object,
  ) {
    super(numFeatures, options, numFeatures, written);
    const { momentum = 0.1, trackRunningStats = true, dtype } = options;
    this.#ranks = ranks;
    this.numFeatures = numFeatures;
    this.momentum = momentum;
    this.runningMean = trackRunningStats ? new Buffer(zeros([numFeatures], { dtype })) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones([numFeatures], { dtype })) : null;
    this.numBatchesTracked = trackRunningStats ? new Buffer(zeros([], { dtype: 'int32' })) : null;
  }

  /** Normalizes with the statistics of the input, or with the running ones. */
  protected abstract normalize(x: Tensor, ingredients: Ingredients, byInput: boolean): NormalizedBatch;

  protected override compute(x: Tensor): Tensor {
    this.#checkRank(x);
    const { weight, bias, eps, runningMean, runningVar, numBatchesTracked } = this;
    if (runningMean === null || runningVar === null || numBatchesTracked === null) {
      return this.normalize(x, { weight, bias, eps }, true).output;
    }
    const ingredients = { weight, bias, eps, runningMean: runningMean.value, runningVar: runningVar.value };
    if (!this.training) return this.normalize(x, ingredients, false).output;
    const count = numBatchesTracked.value.add(1);
    const momentum = this.momentum ?? count.to(runningMean.value.dtype).reciprocal();
    const batch = this.normalize(x, { ...ingredients, momentum }, true);
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
      fix: 'unsqueeze(0) adds a batch; the layers for 1d, 2d and 3d differ in the dims of space',
    });
  }
}
