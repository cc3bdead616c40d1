import { instanceNorm, type NormalizedBatch, type Tensor } from '@gradtape/autograd';
import { type Ingredients, RunningNorm, type RunningNormOptions } from './running-norm.ts';

abstract class InstanceNorm<
  Name extends string,
  Channels extends number,
  Affine extends boolean,
  Bias extends boolean,
> extends RunningNorm<Name, Channels, Affine, Bias> {
  constructor(ranks: readonly number[], numFeatures: number, options: RunningNormOptions<Affine, Bias>) {
    const affine = options.affine ?? (false as Affine);
    super(ranks, numFeatures, { trackRunningStats: false, ...options, affine }, options);
  }

  protected override normalize(x: Tensor, ingredients: Ingredients, byInput: boolean): NormalizedBatch {
    return instanceNorm(x, { ...ingredients, useInputStats: byInput });
  }
}

/**
 * `instanceNorm` of inputs `[N, C, length]`: each channel of each sample by itself. A weight and a bias are learned with
 * `{ affine: true }` only. Ulyanov, Vedaldi and Lempitsky, 2016.
 */
export class InstanceNorm1d<
  Channels extends number = number,
  Affine extends boolean = false,
  Bias extends boolean = true,
> extends InstanceNorm<'InstanceNorm1d', Channels, Affine, Bias> {
  constructor(numFeatures: Channels, options: RunningNormOptions<Affine, Bias> = {}) {
    super([3], numFeatures, options);
  }
}

/** {@link InstanceNorm1d} for inputs `[N, C, height, width]`. */
export class InstanceNorm2d<
  Channels extends number = number,
  Affine extends boolean = false,
  Bias extends boolean = true,
> extends InstanceNorm<'InstanceNorm2d', Channels, Affine, Bias> {
  constructor(numFeatures: Channels, options: RunningNormOptions<Affine, Bias> = {}) {
    super([4], numFeatures, options);
  }
}

/** {@link InstanceNorm1d} for inputs `[N, C, depth, height, width]`. */
export class InstanceNorm3d<
  Channels extends number = number,
  Affine extends boolean = false,
  Bias extends boolean = true,
> extends InstanceNorm<'InstanceNorm3d', Channels, Affine, Bias> {
  constructor(numFeatures: Channels, options: RunningNormOptions<Affine, Bias> = {}) {
    super([5], numFeatures, options);
  }
}
