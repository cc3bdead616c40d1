import { fail } from '../core/errors.ts';
import { entriesOf, type Shape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../primitives/linear/align.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { rsqrt, square } from '../primitives/smooth/powers.ts';
import { isRecording } from '../tape/bind.ts';
import { detach } from '../tape/leaf.ts';
import { composed } from '../transforms/composed.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { checkFloating } from './check-dtype.ts';

type OfFive = Elementwise<(a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor) => Tensor>;

const standardized: Elementwise<(x: Tensor, mean: Tensor, scale: Tensor) => Tensor> = lift(
  composed('standardized', (x, mean, scale) => mul(sub(x, mean), scale)),
);
const squaredDistance: Elementwise<(x: Tensor, mean: Tensor) => Tensor> = lift(
  composed('squaredDistance', (x, mean) => square(sub(x, mean))),
);
const standardizePullback: OfFive = lift(
  composed('standardizePullback', (g, y, scale, meanOfG, meanOfGY) =>
    mul(sub(sub(g, meanOfG), mul(y, meanOfGY)), scale),
  ),
);
const scaledAndShifted: Elementwise<(x: Tensor, weight: Tensor, bias: Tensor) => Tensor> = lift(
  composed('scaledAndShifted', (x, weight, bias) => add(mul(x, weight), bias)),
);

/** What standardizing takes from the entries over dims, which keep size one. */
export interface Moments {
  readonly mean: Tensor;
  /** The mean squared distance from the mean. */
  readonly variance: Tensor;
}

function meanOver(x: Tensor, dims: readonly number[]): Tensor {
  return mul(sumKept(x, dims), 1 / entriesOf(dims.map((d) => x.shape[d] as number)));
}

export function momentsOver(x: Tensor, dims: readonly number[]): Moments {
  const mean = meanOver(x, dims);
  return { mean, variance: meanOver(squaredDistance(x, mean), dims) };
}

/**
 * `y = (x - mean) / √(variance + eps)` over dims. Its derivative: `(g - mean(g) - y mean(g y)) / √(variance + eps)`. The
 * root is kept for the backward pass; a pass that is recorded computes it again, so that its own derivative counts.
 */
export function standardizeOver(x: Tensor, dims: readonly number[], eps: number): Tensor {
  const scaleOf = ({ variance }: Moments): Tensor => rsqrt(add(variance, eps));
  let scale: Tensor;
  return customGrad({
    name: 'standardize',
    forward: (input) => {
      const moments = momentsOver(input, dims);
      scale = scaleOf(moments);
      return standardized(input, moments.mean, scale);
    },
    backward: (g, inputs, y) => {
      const factor = isRecording() ? scaleOf(momentsOver(inputs[0] as Tensor, dims)) : scale;
      return [standardizePullback(g, y, factor, meanOver(g, dims), meanOver(mul(g, y), dims))];
    },
  })(x);
}

/** `x · weight + bias`, either of which may be missing. */
export function affine(x: Tensor, weight: Tensor | null | undefined, bias: Tensor | null | undefined): Tensor {
  if (weight && bias) return scaledAndShifted(x, weight, bias);
  if (weight) return mul(x, weight);
  return bias ? add(x, bias) : x;
}

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
  return affine(standardizeOver(x, lastDims(x, sizes.length), eps), weight, bias) as Tensor<ShapeOf<T>>;
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

export interface BatchNormOptions extends LayerNormOptions {
  /** The mean of each channel so far, shape `[channels]`; used when not training. */
  readonly runningMean?: Tensor | null;
  /** The unbiased variance of each channel so far, shape `[channels]`; used when not training. */
  readonly runningVar?: Tensor | null;
  /** Whether to use the batch's own statistics. Default: false. */
  readonly training?: boolean;
  /** How much of the batch goes into the running statistics. Default: 0.1. */
  readonly momentum?: number;
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
 * Ioffe and Szegedy, 2015.
 *
 * @throws GradtapeError if there is one entry a channel to train with, or no running statistics to evaluate with.
 */
export function batchNorm(x: Tensor, options: BatchNormOptions = {}): NormalizedBatch {
  const { runningMean = null, runningVar = null, weight, bias, training = false, momentum = 0.1, eps = 1e-5 } = options;
  checkFloating('batchNorm', x);
  checkChannels('batchNorm', x, { runningMean, runningVar, weight, bias });
  const perChannel = (t: Tensor | null | undefined): Tensor | null => (t ? reshape(t, channelShape(x)) : null);
  if (!training) {
    if (!runningMean || !runningVar) {
      return fail('batchNorm: nothing to normalize with', {
        got: 'no running statistics, not training',
        needs: 'runningMean and runningVar, or training: true',
        fix: 'train first, or pass { training: true }',
      });
    }
    const scale = rsqrt(add(perChannel(runningVar) as Tensor, eps));
    const output = affine(
      standardized(x, perChannel(runningMean) as Tensor, scale),
      perChannel(weight),
      perChannel(bias),
    );
    return { output, runningMean, runningVar };
  }
  const dims = x.shape.flatMap((_, d) => (d === 1 ? [] : [d]));
  const output = affine(standardizeOver(x, dims, eps), perChannel(weight), perChannel(bias));
  return { output, ...movedStatistics(x, dims, runningMean, runningVar, momentum) };
}

function movedStatistics(
  x: Tensor,
  dims: readonly number[],
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  momentum: number,
): { runningMean: Tensor | null; runningVar: Tensor | null } {
  const count = entriesOf(dims.map((d) => x.shape[d] as number));
  if (count <= 1) {
    fail('batchNorm: one entry a channel is no statistics', {
      got: `shape ${showShape(x.shape)}`,
      needs: 'more than one entry for each channel when training',
      fix: 'use a larger batch, dropLast, or eval()',
    });
  }
  if (!runningMean && !runningVar) return { runningMean, runningVar };
  const { mean, variance } = momentsOver(detach(x), dims);
  const move = (running: Tensor | null, batch: Tensor): Tensor | null =>
    running && add(mul(running, 1 - momentum), mul(reshape(batch, running.shape), momentum));
  return { runningMean: move(runningMean, mean), runningVar: move(runningVar, mul(variance, count / (count - 1))) };
}

function channelShape(x: Tensor): Shape {
  return x.shape.map((size, d) => (d === 1 ? size : 1));
}

function checkChannels(operation: string, x: Tensor, operands: Record<string, Tensor | null | undefined>): void {
  const channels = x.shape[1];
  if (channels === undefined) {
    fail(`${operation}: no channels`, {
      got: `shape ${showShape(x.shape)}`,
      needs: '[batch, channels, …]',
      fix: 'unsqueeze the input',
    });
  }
  for (const [name, operand] of Object.entries(operands)) {
    if (!operand || (operand.rank === 1 && operand.length === channels)) continue;
    fail(`${operation}: ${name} has another size`, {
      got: showShape(operand.shape),
      needs: `[${channels}], one entry for each channel`,
      fix: 'give the layer the number of channels of its input',
    });
  }
}

export interface GroupNormOptions extends LayerNormOptions {}

/** Standardizes groups of channels of each sample: `[batch, channels, …]`. Wu and He, 2018. */
export function groupNorm(x: Tensor, numGroups: number, { weight, bias, eps = 1e-5 }: GroupNormOptions = {}): Tensor {
  checkFloating('groupNorm', x);
  checkChannels('groupNorm', x, { weight, bias });
  const [batch, channels] = x.shape as [number, number];
  if (!Number.isInteger(numGroups) || numGroups < 1 || channels % numGroups !== 0) {
    fail('groupNorm: the channels do not divide into the groups', {
      got: `${channels} channels, ${numGroups} groups`,
      needs: 'a divisor of the number of channels',
      fix: 'choose another number of groups',
    });
  }
  const grouped = reshape(x, [batch, numGroups, entriesOf(x.shape.slice(1)) / numGroups]);
  const output = reshape(standardizeOver(grouped, [2], eps), x.shape);
  const perChannel = (t: Tensor | null | undefined): Tensor | null => (t ? reshape(t, channelShape(x)) : null);
  return affine(output, perChannel(weight), perChannel(bias));
}
