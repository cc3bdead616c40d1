import { groupNorm, type Tensor } from '@gradtape/autograd';
import { ChannelNorm, type ChannelNormOptions } from './channel-norm.ts';

export interface GroupNormLayerOptions<Affine extends boolean, Bias extends boolean>
  extends ChannelNormOptions<Affine, Bias> {}

/** `groupNorm` of inputs `[N, C, …]`, with a weight and a bias that are learned for each channel. Wu and He, 2018. */
export class GroupNorm<
  Channels extends number = number,
  Affine extends boolean = true,
  Bias extends boolean = true,
> extends ChannelNorm<'GroupNorm', Channels, Affine, Bias> {
  readonly numGroups: number;
  readonly numChannels: number;

  constructor(numGroups: number, numChannels: Channels, options: GroupNormLayerOptions<Affine, Bias> = {}) {
    super(numChannels, options, numGroups, numChannels, options);
    this.numGroups = numGroups;
    this.numChannels = numChannels;
  }

  protected override compute(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, { weight: this.weight, bias: this.bias, eps: this.eps });
  }
}
