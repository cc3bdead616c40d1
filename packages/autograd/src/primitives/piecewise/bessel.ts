import type { Unary } from '../../core/typed-tensor.ts';
import * as formulas from '../../kernels/special/bessel.ts';
import type { Domain } from '../../tape/primitive.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { add, sub } from '../linear/arithmetic.ts';
import { where } from '../linear/where.ts';
import { div, reciprocal } from '../smooth/division.ts';
import { eq } from './comparison.ts';
import { piecewise } from './degree.ts';
import { sign } from './rounding.ts';

// Modified Bessel functions of the first kind. I₀ and I₁ are smooth; the derivative I₀ - I₁/x has no formula at 0.

const floating = { floating: true };
const kinkAtZero: Domain = { low: -3, high: 3, kinks: [0] };

/** The modified Bessel function I₀. */
export const i0: Elementwise<Unary> = liftUnary(
  piecewise('i0', {
    value: formulas.besselI0,
    partials: (x) => [i1(x)],
    latex: (m, [x]) => m.entrywise('I_{0}', x),
    domain: kinkAtZero,
  }),
  floating,
);

/** The modified Bessel function I₁. */
export const i1: Elementwise<Unary> = liftUnary(
  piecewise('i1', {
    value: formulas.besselI1,
    partials: (x, y) => {
      const isZero = eq(x, 0);
      return [where(isZero, 0.5, sub(i0(x), div(y, where(isZero, 1, x))))];
    },
    latex: (m, [x]) => m.entrywise('I_{1}', x),
    domain: kinkAtZero,
  }),
  floating,
);

/** `e⁻|ˣ| I₀(x)`, which does not overflow. */
export const i0e: Elementwise<Unary> = liftUnary(
  piecewise('i0e', {
    value: formulas.scaledBesselI0,
    partials: (x, y) => [sub(i1e(x), mul(sign(x), y))],
    latex: (m, [x]) => m.mul(m.exp(m.neg(m.abs(x))), m.entrywise('I_{0}', x)),
    domain: kinkAtZero,
  }),
  floating,
);

/** `e⁻|ˣ| I₁(x)`, which does not overflow. */
export const i1e: Elementwise<Unary> = liftUnary(
  piecewise('i1e', {
    value: formulas.scaledBesselI1,
    partials: (x, y) => {
      const isZero = eq(x, 0);
      const slope = add(sign(x), reciprocal(where(isZero, 1, x)));
      return [where(isZero, 0.5, sub(i0e(x), mul(y, slope)))];
    },
    latex: (m, [x]) => m.mul(m.exp(m.neg(m.abs(x))), m.entrywise('I_{1}', x)),
    domain: kinkAtZero,
  }),
  floating,
);
