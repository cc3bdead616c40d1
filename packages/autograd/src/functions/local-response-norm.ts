import { fail } from '../core/errors.ts';
import { entriesOf, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { div } from '../primitives/smooth/division.ts';
import { square } from '../primitives/smooth/powers.ts';
import { pow } from './arithmetic.ts';
import { checkFloating } from './check-dtype.ts';
import { padZeros } from './movement.ts';
import { avgPool1d } from './pooling.ts';

export interface LocalResponseNormOptions {
  /** What the mean square of the neighbours is multiplied by. Default: 1e-4. */
  readonly alpha?: number;
  /** Default: 0.75. */
  readonly beta?: number;
  /** What is added to it. Default: 1. */
  readonly k?: number;
}

/**
 * Divides each entry by `(k + alpha · mean of the squares of `size` neighbouring channels)^beta`; channels beyond the
 * first and the last count as zeros.
 *
 * Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012.
 *
 * @param x `[N, C, …space]`, floating dtype.
 * @param size How many channels count: `⌊size / 2⌋` before, and as many after, or one less if `size` is even.
 * @throws GradtapeError if there are fewer than three dims, or `size` is not a whole number from 1.
 */
export function localResponseNorm<T extends Tensor>(
  x: T,
  size: number,
  { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {},
): Tensor<ShapeOf<T>> {
  checkFloating('localResponseNorm', x);
  if (x.rank < 3 || !Number.isInteger(size) || size < 1) {
    fail('localResponseNorm: the input or the size does not fit', {
      got: `shape ${showShape(x.shape)}, size ${size}`,
      needs: '[N, C, …space], and a whole number of channels from 1',
      fix: 'unsqueeze(-1) adds a dim of space; usual is size 5',
    });
  }
  const [samples, channels, ...space] = x.shape;
  const squares = permuteDims(reshape(square(x), [samples, channels, entriesOf(space)]), [0, 2, 1]);
  const before = Math.floor(size / 2);
  const padded = padZeros(squares, [
    [0, 0],
    [0, 0],
    [before, size - 1 - before],
  ]);
  const means = reshape(permuteDims(avgPool1d(padded, size, { stride: 1 }), [0, 2, 1]), x.shape);
  const divisors = pow<Tensor, number>(add<Tensor, number>(mul<Tensor, number>(means, alpha), k), beta);
  return div<Tensor, Tensor>(x, divisors) as Tensor<ShapeOf<T>>;
}
