import { channelShuffle, type Tensor } from '@gradtape/autograd';
import { Layer } from '../layer.ts';

/** `channelShuffle` as a layer: channels of `[N, C, …]` dealt from each of so many groups in turn. Zhang et al., 2018. */
export class ChannelShuffle extends Layer<{ kind: 'same'; sizes: [] }> {
  readonly groups: number;

  constructor(groups: number) {
    super(groups);
    this.groups = groups;
  }

  protected override compute(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }
}
