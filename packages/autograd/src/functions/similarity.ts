import { broadcastShapes } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { div } from '../primitives/smooth/division.ts';
import { clamp } from './arithmetic.ts';
import { raisedTo } from './raised.ts';
import { norm, sum } from './reductions.ts';

export interface NormalizeOptions {
  /** Which norm. Default: 2. */
  readonly p?: number;
  /** The norm is taken to be at least this. Default: 1e-12. */
  readonly eps?: number;
}

/** `x / max(‖x‖, eps)` with the p-norm along a dim (1 if not said): vectors of length 1, in the input's shape. */
export function normalize<T extends Tensor>(
  x: T,
  dim = 1,
  { p = 2, eps = 1e-12 }: NormalizeOptions = {},
): Tensor<ShapeOf<T>> {
  const length = clamp(norm(x, p, dim, { keepDim: true }), eps);
  return div<Tensor, Tensor>(x, length) as Tensor<ShapeOf<T>>;
}

export interface CosineSimilarityOptions {
  /** Lengths are taken to be at least this; the derivative does not notice. Default: 1e-8. */
  readonly eps?: number;
}

/**
 * The cosine of the angle between vectors along a dim (1 if not said): `Σ a b / (‖a‖ ‖b‖)`. The shapes broadcast; the dim
 * goes away.
 */
export function cosineSimilarity(a: Tensor, b: Tensor, dim = 1, { eps = 1e-8 }: CosineSimilarityOptions = {}): Tensor {
  const shape = broadcastShapes('cosineSimilarity', [a.shape, b.shape]);
  const unit = (x: Tensor): Tensor => div<Tensor, Tensor>(x, raisedTo(norm(x, 2, dim, { keepDim: true }), eps));
  return sum(mul<Tensor, Tensor>(unit(broadcastTo(a, shape)), unit(broadcastTo(b, shape))), dim);
}

export interface PairwiseDistanceOptions {
  /** Which norm. Default: 2. */
  readonly p?: number;
  /** Added to each difference, so that the derivative exists where the vectors are equal. Default: 1e-6. */
  readonly eps?: number;
  /** Whether the last dim stays, with size one. Default: false. */
  readonly keepDim?: boolean;
}

/** The distance between vectors along the last dim: `‖a - b + eps‖`. The shapes broadcast. */
export function pairwiseDistance(
  a: Tensor,
  b: Tensor,
  { p = 2, eps = 1e-6, keepDim = false }: PairwiseDistanceOptions = {},
): Tensor {
  return norm(add(sub<Tensor, Tensor>(a, b), eps), p, -1, { keepDim });
}
