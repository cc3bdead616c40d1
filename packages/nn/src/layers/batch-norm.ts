import { batchNorm, type NormalizedBatch, type Tensor } from '@gradtape/autograd';
import { type Ingredients, RunningNorm, type RunningNormOptions } from './running-norm.ts';

abstract class BatchNorm<
  Name extends string,
  Channels extends number,
  Affine extends boolean,
  Bias extends boolean,
> extends RunningNorm<Name, Channels, Affine, Bias> {
  protected override normalize(x: Tensor, ingredients: Ingredients, byInput: boolean): NormalizedBatch {
    return batchNorm(x, { ...ingredients, training: byInput });
  }
}

/**
 * `batchNorm` of inputs `[N, C]` or `[N, C, length]`, with a weight and a bias that are learned for each channel. While
 * training it uses the statistics of the batch and moves the running ones, in evaluation it uses those. Ioffe and Szegedy,
 * 2015.
 */
export class BatchNorm1d<
  Channels extends number = number,
  Affine extends boolean = true,
  Bias extends boolean = true,
> extends BatchNorm<'BatchNorm1d', Channels, Affine, Bias> {
  constructor(numFeatures: Channels, options: RunningNormOptions<Affine, Bias> = {}) {
    super([2, 3], numFeatures, options, options);
  }
}

/** {@link BatchNorm1d} for inputs `[N, C, height, width]`. */
export class BatchNorm2d<
  Channels extends number = number,
  Affine extends boolean = true,
  Bias extends boolean = true,
> extends BatchNorm<'BatchNorm2d', Channels, Affine, Bias> {
  constructor(numFeatures: Channels, options: RunningNormOptions<Affine, Bias> = {}) {
    super([4], numFeatures, options, options);
  }
}

/** {@link BatchNorm1d} for inputs `[N, C, depth, height, width]`. */
export class BatchNorm3d<
  Channels extends number = number,
  Affine extends boolean = true,
  Bias extends boolean = true,
> extends BatchNorm<'BatchNorm3d', Channels, Affine, Bias> {
  constructor(numFeatures: Channels, options: RunningNormOptions<Affine, Bias> = {}) {
    super([5], numFeatures, options, options);
  }
}
