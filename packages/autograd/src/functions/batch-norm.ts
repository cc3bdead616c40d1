import { fail } from '../core/errors.ts';
import { entriesOf, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { rsqrt } from '../primitives/smooth/powers.ts';
import { checkFloating } from './check-dtype.ts';
import { normalizeOver } from './normalize.ts';
import { affine, channelShape, checkChannels, meanOver, standardized } from './standardize.ts';

export interface BatchNormOptions {
  /** A factor for each channel. */
  readonly weight?: Tensor | null;
  /** What is added to each channel. */
  readonly bias?: Tensor | null;
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** The mean of each channel so far, shape `[channels]`; used when not training. */
  readonly runningMean?: Tensor | null;
  /** The unbiased variance of each channel so far, shape `[channels]`; used when not training. */
  readonly runningVar?: Tensor | null;
  /** Whether to use the batch's own statistics. Default: false. */
  readonly training?: boolean;
  /** How much of the batch goes into the running statistics. Default: 0.1. */
  readonly momentum?: number | Tensor;
}

/** A normalized batch, and the running statistics after it: new tensors, or those given where nothing changed. */
export interface NormalizedBatch {
  readonly output: Tensor;
  readonly runningMean: Tensor | null;
  readonly runningVar: Tensor | null;
}

/**
 * Standardizes every channel (dim 1) over the batch and all further dims. When training, with the batch's mean and
 * variance, which also move the running ones (the variance unbiased) by `momentum`; otherwise with the running ones.
 * Ioffe and Szegedy, 2015. Nothing is changed in place: the caller keeps the statistics that come back.
 *
 * @param x `[batch, channels, …]`.
 * @returns The output, of the shape of `x`, and the running statistics after it.
 * @throws GradtapeError if there is one entry a channel to train with, or no running statistics to evaluate with.
 */
export function batchNorm(x: Tensor, options: BatchNormOptions = {}): NormalizedBatch {
  const { runningMean = null, runningVar = null, weight, bias, training = false, momentum = 0.1, eps = 1e-5 } = options;
  check('batchNorm', x, { runningMean, runningVar, weight, bias });
  if (!training) return withRunning('batchNorm', 'training', x, options);
  const dims = x.shape.flatMap((_, d) => (d === 1 ? [] : [d]));
  const count = checkCount('batchNorm', x, dims);
  const { output, moments } = normalizeOver(x, dims, eps, perChannel(x, weight), perChannel(x, bias));
  return {
    output,
    runningMean: moved(runningMean, moments.mean, momentum),
    runningVar: moved(runningVar, mul(moments.variance, count / (count - 1)), momentum),
  };
}

export interface InstanceNormOptions extends Omit<BatchNormOptions, 'training'> {
  /** Whether to use each sample's own statistics, rather than the running ones. Default: true. */
  readonly useInputStats?: boolean;
}

/**
 * Standardizes every channel (dim 1) of every sample over all further dims. With the sample's own mean and variance, whose
 * means over the batch also move the running ones by `momentum` where these are given; or with the running ones. Ulyanov,
 * Vedaldi and Lempitsky, 2016.
 *
 * @param x `[batch, channels, …]` with at least one further dim.
 * @returns The output, of the shape of `x`, and the running statistics after it.
 * @throws GradtapeError if there is one entry a channel, or there are no running statistics where they are asked for.
 */
export function instanceNorm(x: Tensor, options: InstanceNormOptions = {}): NormalizedBatch {
  const { runningMean = null, runningVar = null, weight, bias } = options;
  const { useInputStats = true, momentum = 0.1, eps = 1e-5 } = options;
  check('instanceNorm', x, { runningMean, runningVar, weight, bias });
  if (!useInputStats) return withRunning('instanceNorm', 'useInputStats', x, options);
  const dims = x.shape.map((_, d) => d).slice(2);
  const count = checkCount('instanceNorm', x, dims);
  const { output, moments } = normalizeOver(x, dims, eps, perChannel(x, weight), perChannel(x, bias));
  const overBatch = (moment: Tensor): Tensor => meanOver(moment, [0]);
  return {
    output,
    runningMean: moved(runningMean, overBatch(moments.mean), momentum),
    runningVar: moved(runningVar, mul(overBatch(moments.variance), count / (count - 1)), momentum),
  };
}

function check(operation: string, x: Tensor, operands: Record<string, Tensor | null | undefined>): void {
  checkFloating(operation, x);
  checkChannels(operation, x, operands);
}

function perChannel(x: Tensor, operand: Tensor | null | undefined): Tensor | null {
  return operand ? reshape(operand, channelShape(x)) : null;
}

/** How many entries go into a statistic. */
function checkCount(operation: string, x: Tensor, dims: readonly number[]): number {
  const count = entriesOf(dims.map((d) => x.shape[d]));
  if (count > 1) return count;
  return fail(`${operation}: one entry is no statistics`, {
    got: `shape ${showShape(x.shape)}`,
    needs: `more than one entry ${operation === 'batchNorm' ? 'for each channel' : 'for each channel of a sample'}`,
    fix:
      operation === 'batchNorm' ? 'use a larger batch, dropLast, or eval()' : 'use layerNorm for inputs without space',
  });
}

/** Normalized with the running statistics, which stay. */
function withRunning(operation: string, option: string, x: Tensor, options: BatchNormOptions): NormalizedBatch {
  const { runningMean, runningVar, weight, bias, eps = 1e-5 } = options;
  if (!runningMean || !runningVar) {
    return fail(`${operation}: nothing to normalize with`, {
      got: `${option}: false, and no running statistics`,
      needs: `runningMean and runningVar, or ${option}: true`,
      fix: `train first, or pass { ${option}: true }`,
    });
  }
  const scale = rsqrt(add(reshape(runningVar, channelShape(x)), eps));
  const output = standardized(x, reshape(runningMean, channelShape(x)), scale);
  return { output: affine(output, perChannel(x, weight), perChannel(x, bias)), runningMean, runningVar };
}

/** A running statistic, moved towards a new one. */
function moved(running: Tensor | null, statistic: Tensor, momentum: number | Tensor): Tensor | null {
  // The difference of two numbers is a number: as a tensor it would be one of float32.
  const rest = typeof momentum === 'number' ? 1 - momentum : sub(1, momentum);
  if (running === null) return null;
  const part = mul<Tensor, Tensor | number>(reshape(statistic, running.shape), momentum);
  return add(mul<Tensor, Tensor | number>(running, rest), part);
}
