import { entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../primitives/linear/align.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { square } from '../primitives/smooth/powers.ts';
import { isRecording } from '../tape/bind.ts';
import { isTracing } from '../tape/observer.ts';
import { isByDefinition } from '../transforms/by-definition.ts';
import { composed } from '../transforms/composed.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { noGrad } from '../transforms/grad-mode.ts';
import { vjp } from '../transforms/vjp.ts';
import { affine, momentsOver, type Standardized, scaleOf, standardizeOver } from './standardize.ts';

const normalized: Elementwise<(x: Tensor, mean: Tensor, factor: Tensor, bias: Tensor) => Tensor> = lift(
  composed('normalized', (x, mean, factor, bias) => add(mul(sub(x, mean), factor), bias)),
);
const weighedDistance: Elementwise<(g: Tensor, x: Tensor, mean: Tensor) => Tensor> = lift(
  composed('weighedDistance', (g, x, mean) => mul(g, sub(x, mean))),
);
const normalizePullback: Elementwise<
  (g: Tensor, x: Tensor, mean: Tensor, factor: Tensor, meanOfG: Tensor, slope: Tensor) => Tensor
> = lift(
  composed('normalizePullback', (g, x, mean, factor, meanOfG, slope) =>
    mul(sub(sub(g, meanOfG), mul(sub(x, mean), slope)), factor),
  ),
);

/**
 * `(x - mean) / √(variance + eps) · weight + bias` over dims along which weight and bias are the same. Eager code takes one
 * pass for it and keeps `x` alone; its derivative by x is `weight · (g - mean(g) - d mean(g d) scale²) · scale`, with the
 * distance `d = x - mean` and `scale = 1 / √(variance + eps)`: Ioffe and Szegedy, 2015. Programs, and whoever asks for higher
 * derivatives, have {@link standardizeOver} and {@link affine}.
 */
export function normalizeOver(
  x: Tensor,
  dims: readonly number[],
  eps: number,
  weight: Tensor | null,
  bias: Tensor | null,
): Standardized {
  const isOnePass = weight?.dtype === x.dtype && bias?.dtype === x.dtype && !isTracing() && !isByDefinition();
  if (!isOnePass) {
    const { output, moments } = standardizeOver(x, dims, eps);
    return { output: affine(output, weight, bias), moments };
  }
  const moments = noGrad(() => momentsOver(x, dims));
  const scale = noGrad(() => scaleOf(moments, eps));
  const count = entriesOf(dims.map((d) => x.shape[d]));
  const normalize = customGrad({
    name: 'normalize',
    keepsNothing: true,
    forward: (x, weight, bias) => normalized(x, moments.mean, mul(scale, weight), bias),
    backward: (g, [x, weight, bias]) => {
      if (isRecording()) {
        const inSteps = (...[x, weight, bias]: Tensor[]): Tensor =>
          affine(standardizeOver(x, dims, eps).output, weight, bias);
        return vjp(inSteps, x, weight, bias)[1](g);
      }
      const sumOfG = sumKept(g, dims);
      const sumOfDistances = sumKept(weighedDistance(g, x, moments.mean), dims);
      const slope = mul(mul(sumOfDistances, square(scale)), 1 / count);
      return [
        x.node && normalizePullback(g, x, moments.mean, mul(scale, weight), mul(sumOfG, 1 / count), slope),
        weight.node && sumLike(weight, mul(sumOfDistances, scale)),
        bias.node && sumLike(bias, sumOfG),
      ];
    },
  });
  return { output: normalize(x, weight, bias), moments };
}

/** The sum over the dims along which `like` is the same. */
function sumLike(like: Tensor, x: Tensor): Tensor {
  const dims = x.shape.flatMap((size, d) => (like.shape[d] === 1 && size !== 1 ? [d] : []));
  return dims.length === 0 ? x : sumKept(x, dims);
}
