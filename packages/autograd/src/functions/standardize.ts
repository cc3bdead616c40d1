// What layer, batch, group and instance normalization have in common.
import { fail } from '../core/errors.ts';
import { entriesOf, type Shape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../primitives/linear/align.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { div } from '../primitives/smooth/division.ts';
import { rsqrt, sqrt, square } from '../primitives/smooth/powers.ts';
import { isRecording } from '../tape/bind.ts';
import { isByDefinition } from '../transforms/by-definition.ts';
import { composed } from '../transforms/composed.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { noGrad } from '../transforms/grad-mode.ts';
import { inPassing } from './in-passing.ts';

type OfFive = Elementwise<(a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor) => Tensor>;

/** `(x - mean) · scale`, in one pass. */
export const standardized: Elementwise<(x: Tensor, mean: Tensor, scale: Tensor) => Tensor> = lift(
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

/** The mean over dims, which keep size one. */
export function meanOver(x: Tensor, dims: readonly number[]): Tensor {
  return mul(sumKept(x, dims), 1 / entriesOf(dims.map((d) => x.shape[d])));
}

/** The moments over dims. */
export function momentsOver(x: Tensor, dims: readonly number[]): Moments {
  const mean = meanOver(x, dims);
  const variance = inPassing(
    () => meanOver(squaredDistance(x, mean), dims),
    (variance) => [variance],
  );
  return { mean, variance };
}

/** What distances from the mean are multiplied by. */
export function scaleOf({ variance }: Moments, eps: number): Tensor {
  return rsqrt(add(variance, eps));
}

/** A standardized tensor, and the moments that were taken from it; these are constants to every derivative. */
export interface Standardized {
  readonly output: Tensor;
  readonly moments: Moments;
}

/**
 * `y = (x - mean) / √(variance + eps)` over dims. Its derivative: `(g - mean(g) - y mean(g y)) / √(variance + eps)`. The
 * root is kept for the backward pass; a pass that is recorded computes it again, so that its own derivative counts.
 */
export function standardizeOver(x: Tensor, dims: readonly number[], eps: number): Standardized {
  const moments = noGrad(() => momentsOver(x, dims));
  const scale = noGrad(() => scaleOf(moments, eps));
  const standardize = customGrad({
    name: 'standardize',
    keepsNothing: true,
    forward: (input) => standardized(input, moments.mean, scale),
    backward: (g, [input], y) => {
      const factor = isRecording() ? scaleOf(momentsOver(input, dims), eps) : scale;
      return [standardizePullback(g, y, factor, meanOver(g, dims), meanOver(mul(g, y), dims))];
    },
  });
  return { output: isByDefinition() ? standardizedByDefinition(x, dims, eps) : standardize(x), moments };
}

function standardizedByDefinition(x: Tensor, dims: readonly number[], eps: number): Tensor {
  const distance = sub(x, meanOver(x, dims));
  return div(distance, sqrt(add(meanOver(square(distance), dims), eps)));
}

/** `x · weight + bias`, either of which may be missing. */
export function affine(x: Tensor, weight: Tensor | null | undefined, bias: Tensor | null | undefined): Tensor {
  if (weight && bias) return scaledAndShifted(x, weight, bias);
  if (weight) return mul(x, weight);
  return bias ? add(x, bias) : x;
}

/** The dims of a tensor that lies along the channels, dim 1. */
export function channelShape(x: Tensor): Shape {
  return x.shape.map((size, d) => (d === 1 ? size : 1));
}

/** Throws unless there are channels, and every operand has one entry for each. */
export function checkChannels(operation: string, x: Tensor, operands: Record<string, Tensor | null | undefined>): void {
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
