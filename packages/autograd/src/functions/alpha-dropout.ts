import { fail } from '../core/errors.ts';
import type { Generator } from '../core/random/generator.ts';
import { type Shape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { where } from '../primitives/linear/where.ts';
import { gt } from '../primitives/piecewise/comparison.ts';
import { checkDropout } from './dropout.ts';
import { dropoutMask } from './random.ts';

export interface AlphaDropoutOptions {
  /** Whether to drop anything: otherwise the input is the result. Default: false, as in PyTorch (but not for `dropout`). */
  readonly training?: boolean;
  /** Where the numbers come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** What `selu` tends to far below zero, with the sign changed: its scale times its alpha. */
const ALPHA = 1.7580993408473766;

/**
 * Dropout for networks of `selu`: entries are set to what selu tends to far below zero, each with probability p, and all are
 * scaled and shifted so that mean 0 and variance 1 stay.
 *
 * Source: Klambauer et al., "Self-normalizing neural networks", 2017.
 *
 * @param x Any shape, floating dtype.
 * @throws GradtapeError if p is not from 0 to 1, or the dtype not floating.
 * @example
 * alphaDropout(tensor([1, 2, 3])); // [1, 2, 3]
 */
export function alphaDropout<T extends Tensor>(x: T, p = 0.5, options: AlphaDropoutOptions = {}): Tensor<ShapeOf<T>> {
  return saturated('alphaDropout', x, x.shape, p, options) as Tensor<ShapeOf<T>>;
}

/**
 * {@link alphaDropout} of whole channels: the entries of one are dropped together.
 *
 * @param x `[N, C, …]`, floating dtype.
 * @throws GradtapeError if p is not from 0 to 1, the dtype not floating, or there are fewer than two dims.
 */
export function featureAlphaDropout<T extends Tensor>(
  x: T,
  p = 0.5,
  options: AlphaDropoutOptions = {},
): Tensor<ShapeOf<T>> {
  if (x.rank < 2) {
    fail('featureAlphaDropout: the input has no channels', {
      got: `shape ${showShape(x.shape)}`,
      needs: '[N, C, …]',
      fix: 'use alphaDropout to drop single entries',
    });
  }
  const channels = x.shape.map((size, d) => (d < 2 ? size : 1));
  return saturated('featureAlphaDropout', x, channels, p, options) as Tensor<ShapeOf<T>>;
}

function saturated(operation: string, x: Tensor, maskShape: Shape, p: number, options: AlphaDropoutOptions): Tensor {
  const { training = false, generator } = options;
  checkDropout(operation, x, p);
  if (!training || p === 0) return x;
  if (p === 1) return mul<Tensor, number>(x, 0);
  const kept = gt<Tensor, number>(dropoutMask(maskShape, p, { dtype: x.dtype, generator }), 0);
  const scale = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
  const shift = ALPHA * scale * p;
  return where(kept, add<Tensor, number>(mul<Tensor, number>(x, scale), shift), shift - ALPHA * scale);
}
