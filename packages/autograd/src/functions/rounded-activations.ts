import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf, Unary } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift, liftUnary } from '../primitives/linear/align.ts';
import { convert } from '../primitives/linear/convert.ts';
import { where } from '../primitives/linear/where.ts';
import { gt, le, logicalAnd, lt } from '../primitives/piecewise/comparison.ts';
import { piecewise } from '../primitives/piecewise/degree.ts';
import { ramp } from '../primitives/piecewise/hardswish.ts';
import { exp } from '../primitives/smooth/exponential.ts';
import type { EluOptions } from './activations.ts';

// PyTorch rounds a constant in the derivatives of these two to float32, whatever the dtype, and so does gradtape. In
// float32 nobody notices; in float64 the derivatives are off by up to 6e-8 of their size. The laws rightly refuse that,
// so these primitives are not on the floors.

const SIXTH = Math.fround(1 / 6);

/** Any shape: `min(max(x + 3, 0), 6) / 6`, a straight stand-in for the sigmoid; derivative 0 at ±3, and 0 where `x` is NaN. */
export const hardsigmoid: Elementwise<Unary> = liftUnary(
  piecewise('hardsigmoid', {
    value: ramp,
    partials: (x, y) => [mul(convert(logicalAnd(gt(x, -3), lt(x, 3)), y.dtype), SIXTH)],
    domain: { low: -5, high: 5, kinks: [-3, 3] },
  }),
  { floating: true },
);

const celuWith: Elementwise<(x: Tensor, alpha: number, steepness: number) => Tensor> = lift(
  piecewise('celu', {
    value: (m, x, alpha) => m.select(m.lessEqual(x, m.constant(0)), m.mul(m.expm1(m.div(x, alpha)), alpha), x),
    partials: (x, alpha, steepness) => {
      const below = mul(exp(mul(where(le(x, 0), x, 0), steepness)), mul(alpha, steepness));
      return [where(le(x, 0), below, 1), undefined, undefined];
    },
    domain: { low: -3, high: 3, kinks: [0] },
  }),
  { floating: true },
);

/**
 * `x` above zero, `alpha (e^(x / alpha) - 1)` below and at zero: its slope has no jump for any alpha. Barron, 2017.
 *
 * @param x Any shape; whole numbers are taken as float32.
 * @param options alpha, by itself or named.
 * @returns The same shape.
 * @throws GradtapeError if alpha is 0.
 */
export function celu<T extends Tensor>(x: T, options: number | EluOptions = {}): Tensor<ShapeOf<T>> {
  const { alpha = 1 } = typeof options === 'number' ? { alpha: options } : options;
  if (alpha === 0) {
    fail('celu: division by alpha', { got: 'alpha 0', needs: 'a number that is not 0', fix: 'use relu' });
  }
  return celuWith(x, alpha, 1 / Math.fround(alpha)) as Tensor<ShapeOf<T>>;
}
