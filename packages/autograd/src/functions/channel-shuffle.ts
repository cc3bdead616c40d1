import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';

/**
 * Channels of groups interleaved, so that each new group has some of every old one: channel `g · n + i` of `groups · n`
 * goes to `i · groups + g`. Zhang et al., ShuffleNet, 2018.
 *
 * @param x `[batch, channels, …]`
 * @throws GradtapeError if there are fewer than three dims, or the groups do not divide the channels.
 * @example
 * channelShuffle(tensor([[[1], [2], [3], [4]]]), 2); // [[[1], [3], [2], [4]]]
 */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  const [batch, channels, ...space] = x.shape;
  if (x.rank < 3 || !Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    fail('channelShuffle: the groups do not fit', {
      got: `${groups} groups for shape ${showShape(x.shape)}`,
      needs: '[batch, channels, …] with a number of groups that divides the channels',
      fix: 'check the number of groups, or the layer before',
    });
  }
  const apart = reshape(x, [batch, groups, channels / groups, ...space]);
  return reshape(permuteDims(apart, [0, 2, 1, ...space.map((_, i) => i + 3)]), x.shape);
}
