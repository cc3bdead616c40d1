import { fail } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import { add, sub } from '../../primitives/linear/arithmetic.ts';
import { minimum } from '../../primitives/piecewise/kinked.ts';
import { pairwiseDistance } from '../similarity.ts';
import { atLeastZero, type MarginOptions } from './margin.ts';
import { checkOneShape, type LossOptions, reduceLosses } from './reduction.ts';

interface SwapOptions {
  /** Take the distance from the positive to the negative where that is the smaller. Default: false. */
  readonly swap?: boolean;
}

export interface TripletMarginOptions extends MarginOptions, SwapOptions {
  /** Which norm. Default: 2. */
  readonly p?: number;
  /** Added to each difference, so that the derivative exists where vectors are equal. Default: 1e-6. */
  readonly eps?: number;
}

export interface TripletMarginWithDistanceOptions extends LossOptions, SwapOptions {
  /** The distance of vectors, one number for each pair. Default: `pairwiseDistance`. */
  readonly distanceFunction?: ((a: Tensor, b: Tensor) => Tensor) | null;
  /** The margin that suffices, above 0. Default: 1. */
  readonly margin?: number;
}

/**
 * `max(0, ‖anchor - positive‖ - ‖anchor - negative‖ + margin)` with distances along the last dim. Margin 1 if not said.
 * Balntas et al., 2016.
 *
 * @param anchor `[…, D]`; positive and negative of the same shape.
 * @returns A single number, or the shape `[…]` with reduction `none`.
 * @throws GradtapeError if the shapes differ, or the margin is not above 0.
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  { p = 2, eps = 1e-6, ...options }: TripletMarginOptions = {},
): Tensor {
  const distanceFunction = (a: Tensor, b: Tensor): Tensor => pairwiseDistance(a, b, { p, eps });
  return ofDistances('tripletMarginLoss', { anchor, positive, negative }, { distanceFunction, ...options });
}

/**
 * {@link tripletMarginLoss} with a distance of one's own: `max(0, d(anchor, positive) - d(anchor, negative) + margin)`.
 *
 * @param anchor Of a shape that the distance takes; positive and negative of the same shape.
 * @returns A single number, or the shape of the distances with reduction `none`.
 * @throws GradtapeError if the shapes differ, or the margin is not above 0.
 * @example
 * const distanceFunction = (a: Tensor, b: Tensor) => a.sub(b).abs().amax(1);
 * const options = { distanceFunction, margin: 4 };
 * tripletMarginWithDistanceLoss(zeros([1, 2]), ones([1, 2]), tensor([[3, 0]]), options).item(); // 2
 */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceOptions = {},
): Tensor {
  return ofDistances('tripletMarginWithDistanceLoss', { anchor, positive, negative }, options);
}

interface Triplet {
  readonly anchor: Tensor;
  readonly positive: Tensor;
  readonly negative: Tensor;
}

function ofDistances(
  operation: string,
  { anchor, positive, negative }: Triplet,
  { distanceFunction, margin = 1, swap = false, reduction }: TripletMarginWithDistanceOptions,
): Tensor {
  checkOneShape(operation, { anchor, positive, negative });
  if (!(margin > 0)) {
    fail(`${operation}: no margin`, { got: `margin ${margin}`, needs: 'a number above 0', fix: 'leave it out for 1' });
  }
  const distance = distanceFunction ?? pairwiseDistance;
  const near = distance(anchor, positive);
  const direct = distance(anchor, negative);
  const far = swap ? minimum<Tensor, Tensor>(direct, distance(positive, negative)) : direct;
  return reduceLosses(operation, atLeastZero(add(sub<Tensor, Tensor>(near, far), margin)), reduction);
}
