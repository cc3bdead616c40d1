import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import type { Generator } from '../core/random/generator.ts';
import { normalizeDim, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf, Unary } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift, liftUnary } from '../primitives/linear/align.ts';
import { add, neg, sub } from '../primitives/linear/arithmetic.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { where } from '../primitives/linear/where.ts';
import { ge, gt, le, logicalNot } from '../primitives/piecewise/comparison.ts';
import { stepAtZero } from '../primitives/piecewise/heaviside.ts';
import { abs } from '../primitives/piecewise/kinked.ts';
import { sign } from '../primitives/piecewise/rounding.ts';
import { geluExact, geluTanh, logOnePlusExp, sigmoid } from '../primitives/smooth/activations.ts';
import { div } from '../primitives/smooth/division.ts';
import { expm1 } from '../primitives/smooth/exponential.ts';
import { tanh } from '../primitives/smooth/hyperbolic.ts';
import { composed } from '../transforms/composed.ts';
import { narrow } from './movement.ts';
import { rand } from './random.ts';

// All work entry by entry but `glu`: any shape gives the same shape, and the floating dtypes stay; whole numbers are taken
// as float32. At kinks, NaN and infinities the derivatives are PyTorch's. The one usual number of a function may stand by
// itself: `elu(x, 0.5)` is `elu(x, { alpha: 0.5 })`; all others are named.

export { hardswish } from '../primitives/piecewise/hardswish.ts';
export { mish, sigmoid, silu } from '../primitives/smooth/activations.ts';

const floating = { floating: true };

/** An operation with parameters that are numbers, or tensors that broadcast with the first. */
type WithParameters<Parameters extends readonly unknown[]> = Elementwise<
  (x: Tensor, ...parameters: Parameters) => Tensor
>;
type OneParameter = WithParameters<[Tensor | number]>;
type TwoParameters = WithParameters<[Tensor | number, Tensor | number]>;

/** `f(x)` where the condition holds, and `x` elsewhere. `f` sees nothing else, so that it does not overflow in vain. */
function bent(x: Tensor, condition: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return where(condition, f(where(condition, x, 0)), x);
}

const leakyReluWith: OneParameter = lift(
  composed('leakyRelu', (x, slope) => bent(x, logicalNot(gt(x, 0)), (z) => mul(z, slope))),
  floating,
);

export interface LeakyReluOptions {
  /** The slope below zero. Default: 0.01. */
  readonly negativeSlope?: number;
}

/**
 * `x` above zero and `slope · x` below. At 0 and at NaN the derivative is the slope. Maas et al., 2013.
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @param options The slope, by itself or named.
 * @returns The same shape.
 * @example
 * leakyRelu(tensor([-1, 2]), 0.2); // [-0.2, 2]
 */
export function leakyRelu<T extends Tensor>(x: T, options: number | LeakyReluOptions = {}): Tensor<ShapeOf<T>> {
  const { negativeSlope = 0.01 } = typeof options === 'number' ? { negativeSlope: options } : options;
  return leakyReluWith(x, negativeSlope) as Tensor<ShapeOf<T>>;
}

export interface RreluOptions {
  /** The smallest slope. Default: 1/8. */
  readonly lower?: number;
  /** The largest slope. Default: 1/3. */
  readonly upper?: number;
  /** Whether slopes are drawn; otherwise they are the mean of both bounds. Default: false. */
  readonly training?: boolean;
  /** Where the slopes come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * `leakyRelu` with a slope that is drawn evenly between two bounds, for each entry anew. Xu et al., 2015.
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @returns The same shape.
 * @throws GradtapeError if the bounds are not finite or in the wrong order.
 * @example
 * rrelu(tensor([-1, 2]), { lower: 0.2, upper: 0.4 }); // [-0.3, 2]
 */
export function rrelu<T extends Tensor>(
  x: T,
  { lower = 1 / 8, upper = 1 / 3, training = false, generator }: RreluOptions = {},
): Tensor<ShapeOf<T>> {
  if (!(lower <= upper && Number.isFinite(upper - lower))) {
    fail('rrelu: no such range of slopes', {
      got: `lower ${lower}, upper ${upper}`,
      needs: 'finite numbers, lower at most upper',
      fix: 'swap them; for one slope use leakyRelu',
    });
  }
  if (!training) return leakyRelu(x, (lower + upper) / 2);
  const drawn = rand(x.shape, { dtype: isFloating(x.dtype) ? x.dtype : 'float32', generator });
  const slopes = add<Tensor, number>(mul<Tensor, number>(drawn, upper - lower), lower);
  return leakyReluWith(x, slopes) as Tensor<ShapeOf<T>>;
}

/**
 * `leakyRelu` with a slope that is learned: one for all, weight `[]` or `[1]`, or one for each channel, weight `[C]` for
 * inputs `[N, C, …]`. He et al., 2015.
 *
 * @throws GradtapeError if the weight has neither one entry nor as many as dim 1 of the input.
 */
export function prelu<T extends Tensor>(x: T, weight: Tensor): Tensor<ShapeOf<T>> {
  const channels = x.rank > 1 ? x.shape[1] : 1;
  if (weight.rank > 1 || (weight.length !== 1 && weight.length !== channels)) {
    fail('prelu: the weight does not fit the channels', {
      got: `weight ${showShape(weight.shape)} for input ${showShape(x.shape)}`,
      needs: channels === 1 ? 'a weight of one entry' : `a weight of one entry, or [${channels}]: one for each channel`,
      fix: 'the channels are dim 1 of the input; make the weight as long as it is',
    });
  }
  const slopes = weight.length === 1 ? [] : [channels, ...new Array<number>(x.rank - 2).fill(1)];
  return leakyReluWith(x, reshape(weight, slopes)) as Tensor<ShapeOf<T>>;
}

const eluWith: OneParameter = lift(
  composed('elu', (x, alpha) => bent(x, le(x, 0), (z) => mul(expm1(z), alpha))),
  floating,
);

export interface EluOptions {
  /** What is reached far below zero is `-alpha`. Default: 1. */
  readonly alpha?: number;
}

/**
 * `x` above zero, `alpha (eˣ - 1)` below and at zero. Clevert et al., 2015.
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @param options alpha, by itself or named.
 * @returns The same shape.
 */
export function elu<T extends Tensor>(x: T, options: number | EluOptions = {}): Tensor<ShapeOf<T>> {
  const { alpha = 1 } = typeof options === 'number' ? { alpha: options } : options;
  return eluWith(x, alpha) as Tensor<ShapeOf<T>>;
}

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** Any shape: `scale · elu(x, alpha)` with the scale and alpha that keep mean 0 and variance 1. Klambauer et al., 2017. */
export const selu: Elementwise<Unary> = liftUnary(
  composed('selu', (x) =>
    mul(
      bent(x, le(x, 0), (z) => mul(expm1(z), SELU_ALPHA)),
      SELU_SCALE,
    ),
  ),
  floating,
);

export interface GeluOptions {
  /** The exact distribution function (`none`), or its usual approximation with tanh. Default: `none`. */
  readonly approximate?: 'none' | 'tanh';
}

/**
 * `x Φ(x)` with the distribution function Φ of the normal distribution. Hendrycks and Gimpel, 2016.
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @returns The same shape.
 * @throws GradtapeError if the approximation is another than those two.
 */
export function gelu<T extends Tensor>(x: T, { approximate = 'none' }: GeluOptions = {}): Tensor<ShapeOf<T>> {
  if (approximate === 'none') return geluExact(x);
  if (approximate === 'tanh') return geluTanh(x);
  return fail('gelu: no such approximation', {
    got: `approximate '${approximate}'`,
    needs: "'none' or 'tanh'",
    fix: "leave it out for the exact function, or pass { approximate: 'tanh' }",
  });
}

/** Any shape: `log σ(x) = -log(1 + e⁻ˣ)`, without overflow. */
export const logsigmoid: Elementwise<Unary> = liftUnary(
  composed('logsigmoid', (x) => neg(logOnePlusExp(neg(x)))),
  floating,
);

const softplusWith: TwoParameters = lift(
  composed('softplus', (x, beta, threshold) => {
    const scaled = mul(x, beta);
    return where(gt(scaled, threshold), x, div(logOnePlusExp(scaled), beta));
  }),
  floating,
);

export interface SoftplusOptions {
  /** How sharp the bend is. Default: 1. */
  readonly beta?: number;
  /** Where `beta · x` is above this, the result is `x` itself, with derivative 1. Default: 20. */
  readonly threshold?: number;
}

/**
 * `log(1 + e^(beta x)) / beta`, a smooth relu; `x` itself where `beta x` is above the threshold. Dugas et al., 2001.
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @returns The same shape.
 */
export function softplus<T extends Tensor>(
  x: T,
  { beta = 1, threshold = 20 }: SoftplusOptions = {},
): Tensor<ShapeOf<T>> {
  return softplusWith(x, beta, threshold) as Tensor<ShapeOf<T>>;
}

/** Any shape: `x / (1 + |x|)`. Its second derivative at 0 is taken to be 0. */
export const softsign: Elementwise<Unary> = liftUnary(
  composed('softsign', (x) => div(x, add(abs(x), 1))),
  floating,
);

/** Any shape: `x - tanh x`. */
export const tanhshrink: Elementwise<Unary> = liftUnary(
  composed('tanhshrink', (x) => sub(x, tanh(x))),
  floating,
);

const softshrinkBy: OneParameter = lift(
  composed('softshrink', (x, margin) => where(le(abs(x), margin), 0, sub(x, mul(sign(x), margin)))),
  floating,
);
const hardshrinkBy: OneParameter = lift(
  composed('hardshrink', (x, margin) => where(le(abs(x), margin), 0, x)),
  floating,
);

export interface ShrinkOptions {
  /** Up to this distance from zero (included) the result and its derivative are 0. Default: 0.5. */
  readonly lambd?: number;
}

/**
 * `x` moved towards zero by `lambd`, and 0 where it does not get that far.
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @param options lambd, by itself or named.
 * @returns The same shape.
 * @throws GradtapeError if lambd is negative.
 */
export function softshrink<T extends Tensor>(x: T, options: number | ShrinkOptions = {}): Tensor<ShapeOf<T>> {
  const { lambd = 0.5 } = typeof options === 'number' ? { lambd: options } : options;
  if (!(lambd >= 0)) {
    fail('softshrink: not a distance', { got: `lambd ${lambd}`, needs: '0 or more', fix: 'leave out the sign' });
  }
  return softshrinkBy(x, lambd) as Tensor<ShapeOf<T>>;
}

/**
 * `x`, but 0 where it is at most `lambd` away from zero.
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @param options lambd, by itself or named.
 * @returns The same shape.
 */
export function hardshrink<T extends Tensor>(x: T, options: number | ShrinkOptions = {}): Tensor<ShapeOf<T>> {
  const { lambd = 0.5 } = typeof options === 'number' ? { lambd: options } : options;
  return hardshrinkBy(x, lambd) as Tensor<ShapeOf<T>>;
}

const hardtanhBetween: TwoParameters = lift(
  composed('hardtanh', (x, low, high) => where(le(x, low), low, where(ge(x, high), high, x))),
  floating,
);

export interface HardtanhOptions {
  /** Default: -1. */
  readonly minVal?: number;
  /** Default: 1. */
  readonly maxVal?: number;
}

/**
 * `x` held between two bounds. On a bound its derivative is 0 (that of `clamp` is 1 there).
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @returns The same shape.
 * @throws GradtapeError if minVal is above maxVal.
 */
export function hardtanh<T extends Tensor>(
  x: T,
  { minVal = -1, maxVal = 1 }: HardtanhOptions = {},
): Tensor<ShapeOf<T>> {
  if (minVal > maxVal) {
    fail('hardtanh: the bounds are in the wrong order', {
      got: `minVal ${minVal} and maxVal ${maxVal}`,
      needs: 'minVal at most maxVal',
      fix: 'swap them',
    });
  }
  return hardtanhBetween(x, minVal, maxVal) as Tensor<ShapeOf<T>>;
}

const thresholdWith: TwoParameters = lift(
  composed('threshold', (x, limit, value) => where(le(x, limit), value, x)),
  floating,
);

/**
 * `x` where it is above the limit, `value` elsewhere. On the limit its derivative is 0.
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @returns The same shape.
 * @example
 * threshold(tensor([0.5, 1, 2]), 1, 20); // [20, 20, 2]
 */
export function threshold<T extends Tensor>(x: T, limit: number, value: number): Tensor<ShapeOf<T>> {
  return thresholdWith(x, limit, value) as Tensor<ShapeOf<T>>;
}

/** Any shape: `min(max(x, 0), 6)`, with derivative 0 at 0 and at 6. */
export function relu6<T extends Tensor>(x: T): Tensor<ShapeOf<T>> {
  return hardtanhBetween(x, 0, 6) as Tensor<ShapeOf<T>>;
}

/**
 * The step `1[x ≥ 0]`: 0 below zero, 1 above, and `values` (1 if not given) at zero. Its derivative is 0 everywhere.
 *
 * @param x Any shape and dtype.
 * @param values A number, or a tensor that broadcasts with `x`.
 * @example
 * heaviside(tensor([-1, 0, 2])); // [0, 1, 1]
 */
export function heaviside<T extends Tensor>(x: T, values: Tensor | number = 1): Tensor<ShapeOf<T>> {
  return stepAtZero(x, values) as Tensor<ShapeOf<T>>;
}

/**
 * The gated linear unit `a σ(b)`, where a is the first half of the input along a dim (the last if not said) and b the
 * second: `[…, 2n, …] → […, n, …]`. Dauphin et al., 2016.
 *
 * @throws GradtapeError if the size of the dim is odd.
 */
export function glu(x: Tensor, dim = -1): Tensor {
  const d = normalizeDim('glu', dim, x.rank);
  const half = x.shape[d] / 2;
  if (!Number.isInteger(half)) {
    fail('glu: the dim cannot be halved', {
      got: x.rank === 0 ? 'a tensor without dims' : `size ${x.shape[d]} of dim ${dim}`,
      needs: 'an even size',
      fix: 'let the layer before it give twice the outputs: one half passes, the other opens the gate',
    });
  }
  return gated(narrow(x, d, 0, half), narrow(x, d, half, half));
}

const gated: Elementwise<(a: Tensor, b: Tensor) => Tensor> = lift(
  composed('gated', (a, b) => mul(a, sigmoid(b))),
  floating,
);
