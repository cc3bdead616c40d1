import { constant } from '../../core/allocate.ts';
import { fail } from '../../core/errors.ts';
import { sameShape, showShape } from '../../core/shape.ts';
import { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../../primitives/linear/align.ts';
import { add, sub } from '../../primitives/linear/arithmetic.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { where } from '../../primitives/linear/where.ts';
import { gt, lt } from '../../primitives/piecewise/comparison.ts';
import { abs } from '../../primitives/piecewise/kinked.ts';
import { div } from '../../primitives/smooth/division.ts';
import { exp, log } from '../../primitives/smooth/exponential.ts';
import { square } from '../../primitives/smooth/powers.ts';
import { isTracing } from '../../tape/observer.ts';
import { composed } from '../../transforms/composed.ts';
import { raisedTo } from '../raised.ts';
import { any, sum } from '../reductions.ts';
import { checkOneShape, type LossOptions, reduceLosses } from './reduction.ts';

const floating = { floating: true };

type OfTwo = Elementwise<(input: Tensor, target: Tensor) => Tensor>;
type OfTwoAndNumber = Elementwise<(input: Tensor, target: Tensor, parameter: number) => Tensor>;

const squaredError: OfTwo = lift(
  composed('squaredError', (x, t) => square(sub(x, t))),
  floating,
);

export interface WeightedLossOptions extends LossOptions {
  /** A factor for each loss, of the input's shape. Default: 1. */
  readonly weight?: Tensor | null;
}

function checkWeight(operation: string, input: Tensor, weight: Tensor): void {
  if (sameShape(weight.shape, input.shape)) return;
  fail(`${operation}: the weight does not fit the input`, {
    got: `weight ${showShape(weight.shape)} for input ${showShape(input.shape)}`,
    needs: showShape(input.shape),
    fix: 'one factor for each entry: weight.expand(input.shape) repeats those of a dim',
  });
}

/** Losses times their weights, reduced; their mean is `Σ weight · loss / Σ weight`. */
function reduceByWeight(
  operation: string,
  losses: Tensor,
  { weight, reduction = 'mean' }: WeightedLossOptions,
): Tensor {
  if (!weight) return reduceLosses(operation, losses, reduction);
  checkWeight(operation, losses, weight);
  const weighed = mul<Tensor, Tensor>(losses, weight);
  if (reduction !== 'mean') return reduceLosses(operation, weighed, reduction);
  return div<Tensor, Tensor>(sum(weighed), sum(weight));
}

/**
 * The squared error `(input - target)²`. With weights the mean is `Σ weight · loss / Σ weight`.
 *
 * @param input Any shape `[…]`.
 * @param target The same shape.
 * @returns A single number, or the input's shape with reduction `none`.
 * @throws GradtapeError if the shapes differ, that of the weight included.
 * @example
 * mseLoss(tensor([1, 2]), tensor([1, 4])).item(); // 2
 */
export function mseLoss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  checkOneShape('mseLoss', { input, target });
  return reduceByWeight('mseLoss', squaredError(input, target), options);
}

const absoluteError: OfTwo = lift(
  composed('absoluteError', (x, t) => abs(sub(x, t))),
  floating,
);

/** The absolute error `|input - target|`, with derivative 0 where they are equal. Shapes, weights and errors as {@link mseLoss}. */
export function l1Loss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  checkOneShape('l1Loss', { input, target });
  return reduceByWeight('l1Loss', absoluteError(input, target), options);
}

/** `d² / 2` up to a distance `d = |x - t|` of `limit`, and `limit (d - limit / 2)` from there: both pieces see only their own. */
const huberError: OfTwoAndNumber = lift(
  composed('huberError', (x, t, limit) => {
    const distance = abs(sub(x, t));
    const near = lt(distance, limit);
    const parabola = mul(square(where(near, distance, 0)), 0.5);
    return where(near, parabola, mul(sub(distance, mul(limit, 0.5)), limit));
  }),
  floating,
);

export interface HuberOptions extends WeightedLossOptions {
  /** The distance from which the loss grows straight. Default: 1. */
  readonly delta?: number;
}

/**
 * Half of the squared error where `|input - target|` is below delta, and `delta (|input - target| - delta / 2)` above.
 * Shapes and errors as {@link mseLoss}, but that the mean with weights is that of the weighted losses, as in PyTorch. Huber,
 * 1964.
 *
 * @throws GradtapeError if the shapes differ, or delta is not above 0.
 */
export function huberLoss(input: Tensor, target: Tensor, { weight, reduction, delta = 1 }: HuberOptions = {}): Tensor {
  checkOneShape('huberLoss', { input, target });
  if (weight) checkWeight('huberLoss', input, weight);
  if (!(delta > 0)) {
    fail('huberLoss: not a distance', { got: `delta ${delta}`, needs: 'a number above 0', fix: 'use l1Loss' });
  }
  const losses = huberError(input, target, delta);
  return reduceLosses('huberLoss', weight ? mul<Tensor, Tensor>(losses, weight) : losses, reduction);
}

export interface SmoothL1Options extends LossOptions {
  /** The distance from which the loss grows straight; 0 for {@link l1Loss}. Default: 1. */
  readonly beta?: number;
}

/**
 * `huberLoss` divided by its limit `beta`, so that it grows with slope 1. Shapes and errors as {@link mseLoss}.
 *
 * @throws GradtapeError if the shapes differ, or beta is negative.
 */
export function smoothL1Loss(input: Tensor, target: Tensor, { reduction, beta = 1 }: SmoothL1Options = {}): Tensor {
  checkOneShape('smoothL1Loss', { input, target });
  if (!(beta >= 0)) {
    fail('smoothL1Loss: not a distance', { got: `beta ${beta}`, needs: '0 or more', fix: 'leave out the sign' });
  }
  if (beta === 0) return l1Loss(input, target, { reduction });
  return mul(reduceLosses('smoothL1Loss', huberError(input, target, beta), reduction), 1 / beta);
}

const LOG_TWO_PI = Math.log(2 * Math.PI);

const gaussianError: Elementwise<(input: Tensor, target: Tensor, variance: Tensor, constant: number) => Tensor> = lift(
  composed('gaussianError', (x, t, variance, constant) =>
    mul(add(add(log(variance), div(square(sub(x, t)), variance)), constant), 0.5),
  ),
  floating,
);

export interface GaussianNllOptions extends LossOptions {
  /** Add the constant `log(2π) / 2`. Default: false. */
  readonly full?: boolean;
  /** Variances are taken to be at least this; the derivative does not notice. Default: 1e-6. */
  readonly eps?: number;
}

/**
 * The negative logarithm of a normal density: `(log var + (input - target)² / var) / 2`.
 *
 * @param input Means, any shape `[…, n]`.
 * @param target The same shape.
 * @param variance The same shape, or `[…, 1]` or `[…]`: one for each row; or one number for all.
 * @throws GradtapeError if the shapes do not fit, or a variance is negative (compiled, it is not looked at).
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  { reduction, full = false, eps = 1e-6 }: GaussianNllOptions = {},
): Tensor {
  checkOneShape('gaussianNllLoss', { input, target });
  const each = variance instanceof Tensor ? variance : constant(variance, input.shape, input.dtype);
  const variances = rowVariances(input, each);
  if (!isTracing() && any(lt(variances, 0)).item() === 1) {
    fail('gaussianNllLoss: a variance is negative', {
      got: 'a negative entry of variance',
      needs: '0 or more',
      fix: 'let the model give the logarithm of the variance, and pass its exp()',
    });
  }
  const losses = gaussianError(input, target, raisedTo(variances, eps), full ? LOG_TWO_PI : 0);
  return reduceLosses('gaussianNllLoss', losses, reduction);
}

function rowVariances(input: Tensor, variance: Tensor): Tensor {
  if (sameShape(variance.shape, input.shape)) return variance;
  const rows = input.shape.slice(0, -1);
  if (sameShape(variance.shape, rows) || sameShape(variance.shape, [...rows, 1]))
    return reshape(variance, [...rows, 1]);
  return fail('gaussianNllLoss: the variance does not fit the input', {
    got: `variance ${showShape(variance.shape)} for input ${showShape(input.shape)}`,
    needs: `${showShape(input.shape)}, ${showShape([...rows, 1])} or ${showShape(rows)}`,
    fix: 'give one variance for each entry, or one for each row',
  });
}

const poissonErrorOfLog: OfTwo = lift(
  composed('poissonErrorOfLog', (x, t) => sub(exp(x), mul(t, x))),
  floating,
);
const poissonError: OfTwoAndNumber = lift(
  composed('poissonError', (x, t, eps) => sub(x, mul(t, log(add(x, eps))))),
  floating,
);
/** Stirling's approximation of `log t!`, for t above 1, where it is good; 0 below. */
const logFactorial: Elementwise<(target: Tensor) => Tensor> = lift(
  composed('logFactorial', (t) => {
    const large = where(gt(t, 1), t, 1);
    const stirling = add(sub(mul(large, log(large)), large), mul(add(log(large), LOG_TWO_PI), 0.5));
    return where(gt(t, 1), stirling, 0);
  }),
  floating,
);

export interface PoissonNllOptions extends LossOptions {
  /** Whether the input is the logarithm of the rate. Default: true. */
  readonly logInput?: boolean;
  /** Add Stirling's approximation of `log target!`. Default: false. */
  readonly full?: boolean;
  /** Keeps the logarithm of a rate of 0 finite, where the input is the rate. Default: 1e-8. */
  readonly eps?: number;
}

/**
 * The negative logarithm of a Poisson probability: `e^input - target · input`, or `input - target · log(input + eps)` where
 * the input is the rate itself. Shapes and errors as {@link mseLoss}.
 */
export function poissonNllLoss(
  input: Tensor,
  target: Tensor,
  { reduction, logInput = true, full = false, eps = 1e-8 }: PoissonNllOptions = {},
): Tensor {
  checkOneShape('poissonNllLoss', { input, target });
  const losses = logInput ? poissonErrorOfLog(input, target) : poissonError(input, target, eps);
  return reduceLosses('poissonNllLoss', full ? add(losses, logFactorial(target)) : losses, reduction);
}
