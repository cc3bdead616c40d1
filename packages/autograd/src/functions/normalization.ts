import { fail } from '../core/errors.ts';
import { entriesOf, type Shape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { rsqrt, square } from '../primitives/smooth/powers.ts';
import { checkFloating } from './check-dtype.ts';
import { affine, channelShape, checkChannels, meanOver, standardizeOver } from './standardize.ts';

export interface LayerNormOptions {
  /** A factor for each entry of the normalized shape. */
  readonly weight?: Tensor | null;
  /** What is added to each entry of the normalized shape. */
  readonly bias?: Tensor | null;
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
}

/**
 * Standardizes the last dims, whose sizes are `normalizedShape`: `(x - mean) / √(variance + eps) · weight + bias`, with the
 * variance over all entries (not the unbiased one). Ba, Kiros and Hinton, 2016.
 *
 * @throws GradtapeError if the shape does not end with `normalizedShape`, or weight or bias have another shape.
 * @example
 * layerNorm(tensor([[1, 3], [2, 6]]), [2], { eps: 0 }); // [[-1, 1], [-1, 1]]
 */
export function layerNorm<T extends Tensor>(
  x: T,
  normalizedShape: number | Shape,
  { weight, bias, eps = 1e-5 }: LayerNormOptions = {},
): Tensor<ShapeOf<T>> {
  const sizes = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
  checkFloating('layerNorm', x);
  checkNormalizedShape('layerNorm', x, sizes, { weight, bias });
  return affine(standardizeOver(x, lastDims(x, sizes.length), eps).output, weight, bias) as Tensor<ShapeOf<T>>;
}

function lastDims(x: Tensor, count: number): number[] {
  return Array.from({ length: count }, (_, i) => x.rank - count + i);
}

function checkNormalizedShape(
  operation: string,
  x: Tensor,
  sizes: Shape,
  operands: Record<string, Tensor | null | undefined>,
): void {
  const ends = sizes.length > 0 && showShape(x.shape.slice(-sizes.length)) === showShape(sizes);
  if (!ends) {
    fail(`${operation}: the last sizes are others`, {
      got: `shape ${showShape(x.shape)}, to be normalized over ${showShape(sizes)}`,
      needs: `a shape that ends with ${showShape(sizes)}`,
      fix: 'give the sizes of the last dims of the input',
    });
  }
  for (const [name, operand] of Object.entries(operands)) {
    if (!operand || showShape(operand.shape) === showShape(sizes)) continue;
    fail(`${operation}: the ${name} has another shape`, {
      got: showShape(operand.shape),
      needs: showShape(sizes),
      fix: `make the ${name} with the normalized shape`,
    });
  }
}

export interface RMSNormOptions {
  /** A factor for each entry of the normalized shape. */
  readonly weight?: Tensor | null;
  /** Added to the mean square. Default: the distance from 1 to the next number of the dtype. */
  readonly eps?: number | null;
}

/** Divides the last dims by their root mean square: `x / √(mean(x²) + eps) · weight`. Zhang and Sennrich, 2019. */
export function rmsNorm<T extends Tensor>(
  x: T,
  normalizedShape: number | Shape,
  { weight, eps }: RMSNormOptions = {},
): Tensor<ShapeOf<T>> {
  const sizes = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
  checkFloating('rmsNorm', x);
  checkNormalizedShape('rmsNorm', x, sizes, { weight });
  const epsilon = eps ?? (x.dtype === 'float64' ? 2 ** -52 : 2 ** -23);
  const scale = rsqrt(add(meanOver(square(x), lastDims(x, sizes.length)), epsilon));
  return affine(mul(x as Tensor, scale), weight, null) as Tensor<ShapeOf<T>>;
}

export interface GroupNormOptions {
  /** A factor for each channel. */
  readonly weight?: Tensor | null;
  /** What is added to each channel. */
  readonly bias?: Tensor | null;
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
}

/**
 * Standardizes, in each sample, groups of channels together with all their entries, then scales and shifts every channel.
 * Wu and He, 2018.
 *
 * @param x `[batch, channels, …]`; the result has its shape.
 * @throws GradtapeError if the channels do not fall into so many groups, or weight or bias do not fit them.
 */
export function groupNorm(x: Tensor, numGroups: number, { weight, bias, eps = 1e-5 }: GroupNormOptions = {}): Tensor {
  checkFloating('groupNorm', x);
  checkChannels('groupNorm', x, { weight, bias });
  const [batch, channels] = x.shape;
  if (!Number.isInteger(numGroups) || numGroups < 1 || channels % numGroups !== 0) {
    fail('groupNorm: the channels do not divide into the groups', {
      got: `${channels} channels, ${numGroups} groups`,
      needs: 'a divisor of the number of channels',
      fix: 'choose another number of groups',
    });
  }
  const grouped = reshape(x, [batch, numGroups, entriesOf(x.shape.slice(1)) / numGroups]);
  const output = reshape(standardizeOver(grouped, [2], eps).output, x.shape);
  const perChannel = (t: Tensor | null | undefined): Tensor | null => (t ? reshape(t, channelShape(x)) : null);
  return affine(output, perChannel(weight), perChannel(bias));
}
