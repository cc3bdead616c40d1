import { groupNorm, type Tensor } from '@gradtape/autograd';
import { ChannelNorm, type ChannelNormOptions } from './channel-norm.ts';

export interface GroupNormLayerOptions<Affine extends boolean> extends ChannelNormOptions<Affine> {}

/** `groupNorm` of inputs `[N, C, …]`, with a weight and a bias that are learned for each channel. Wu and He, 2018. */
export class GroupNorm<Channels extends number = number, Affine extends boolean = true> extends ChannelNorm<
  'GroupNorm',
  Channels,
  Affine
> {
  readonly numGroups: number;
  readonly numChannels: number;

  constructor(numGroups: number, numChannels: Channels, options: GroupNormLayerOptions<Affine> = {}) {
    super(numChannels, options, numGroups, numChannels, options);
    this.numGroups = numGroups;
    this.numChannels = numChannels;
  }

  protected override compute(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, { weight: this.weight, bias: this.bias, eps: this.eps });
  }
}
