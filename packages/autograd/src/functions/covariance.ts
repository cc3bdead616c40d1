import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { sub } from '../primitives/linear/arithmetic.ts';
import { transposeMatrix } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { maximum } from '../primitives/piecewise/kinked.ts';
import { div } from '../primitives/smooth/division.ts';
import { sqrt } from '../primitives/smooth/powers.ts';
import { clamp, to } from './arithmetic.ts';
import { onesLike } from './creation.ts';
import { diagonal } from './diagonals.ts';
import { squeeze } from './movement.ts';
import { matmul } from './products.ts';
import { sum } from './reductions.ts';

export interface CovarianceOptions {
  /** What is subtracted from the number of observations: 1 for an estimate without bias, 0 for the mean square. Default: 1. */
  readonly correction?: number;
  /** How often each observation was made: `[observations]`, dtype int32. Default: once. */
  readonly fweights?: Tensor | null;
  /** How much each observation counts: `[observations]`, floating dtype. Default: all the same. */
  readonly aweights?: Tensor | null;
}

/**
 * The covariances of variables: `[variables, observations]` gives `[variables, variables]`; one variable alone, with or without
 * a dim of its own, its variance, without dims.
 *
 * With weights w: `Σ w (x - μ)(x - μ)ᵀ / (Σ w - correction Σ w a / Σ w)`, where `μ = Σ w x / Σ w`, and w is the product of
 * fweights and aweights a (Price, 1972, as in NumPy).
 *
 * @throws GradtapeError if there are more dims, the dtype is not floating, or weights do not fit.
 * @example
 * cov(tensor([[0, 1, 2], [2, 1, 0]])); // [[1, -1], [-1, 1]]
 */
export function cov(x: Tensor, { correction = 1, fweights = null, aweights = null }: CovarianceOptions = {}): Tensor {
  checkObservations('cov', x);
  const rows = reshape(x, x.rank === 2 ? x.shape : [1, x.length]);
  const observations = rows.shape[1];
  checkWeights('fweights', fweights, observations, fweights?.dtype === 'int32');
  checkWeights('aweights', aweights, observations, aweights?.dtype === x.dtype);
  const ones = onesLike(rows.select(0, 0));
  const counts = fweights === null ? ones : to(fweights, x.dtype);
  const weights = aweights === null ? counts : mul<Tensor, Tensor>(counts, aweights);
  const total = sum(weights);
  const mean = div<Tensor, Tensor>(sum(mul<Tensor, Tensor>(rows, weights), 1, { keepDim: true }), total);
  const centred = sub<Tensor, Tensor>(rows, mean);
  const share =
    aweights === null
      ? correction
      : mul(div<Tensor, Tensor>(sum(mul<Tensor, Tensor>(weights, aweights)), total), correction);
  const divisor = maximum(sub<Tensor, Tensor | number>(total, share), 0);
  const products = matmul<Tensor, Tensor>(mul<Tensor, Tensor>(centred, weights), transposeMatrix(centred));
  return squeeze(div<Tensor, Tensor>(products, divisor));
}

/**
 * The coefficients of correlation of variables, from -1 to 1: `[variables, observations]` gives `[variables, variables]`, one
 * variable alone a single 1. A variable that does not vary has NaN.
 *
 * @throws GradtapeError if there are more dims, or the dtype is not floating.
 * @example
 * corrcoef(tensor([[0, 1, 2], [4, 2, 0]])); // [[1, -1], [-1, 1]]
 */
export function corrcoef(x: Tensor): Tensor {
  checkObservations('corrcoef', x);
  const covariances = cov(x);
  if (covariances.rank === 0) return div<Tensor, Tensor>(covariances, covariances);
  const deviations = sqrt(diagonal(covariances));
  const byColumn = div<Tensor, Tensor>(covariances, deviations);
  return clamp(div<Tensor, Tensor>(byColumn, reshape(deviations, [deviations.length, 1])), -1, 1);
}

function checkObservations(operation: string, { rank, shape, dtype }: Tensor): void {
  if (rank <= 2 && isFloating(dtype)) return;
  fail(`${operation}: not variables and their observations`, {
    got: `${showShape(shape)} ${dtype}`,
    needs: '[variables, observations] or [observations], of a floating dtype',
    fix: 'one row for each variable; transpose a table with one row for each observation',
  });
}

function checkWeights(name: string, weights: Tensor | null, observations: number, hasDtype: boolean): void {
  if (weights === null || (hasDtype && weights.rank === 1 && weights.length === observations)) return;
  fail(`cov: ${name} do not fit`, {
    got: `${showShape(weights.shape)} ${weights.dtype}`,
    needs: `[${observations}], ${name === 'fweights' ? 'int32' : 'of the dtype of the observations'}`,
    fix: 'fweights count how often an observation was made, aweights weigh it',
  });
}
