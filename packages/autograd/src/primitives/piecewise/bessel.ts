import type { Unary } from '../../core/typed-tensor.ts';
import * as formulas from '../../kernels/special/bessel.ts';
import type { Domain } from '../../tape/primitive.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { neg, sub } from '../linear/arithmetic.ts';
import { div } from '../smooth/division.ts';
import { reals } from '../smooth/domains.ts';
import { exp } from '../smooth/exponential.ts';
import { piecewise } from './degree.ts';
import { abs } from './kinked.ts';
import { coefficientsFrom, evenSeries, splitNearZero } from './near-zero.ts';
import { sign } from './rounding.ts';

// Modified Bessel functions of the first kind. I₀ and I₁ are smooth; the derivative I₀ - I₁/x is a series near 0.

const floating = { floating: true };
const kinkAtZero: Domain = { low: -3, high: 3, kinks: [0] };
/** `I₁'(x)` by powers of x²: `(2k + 1) / (2 · 4ᵏ k! (k + 1)!)`. */
const SLOPE = coefficientsFrom(0.5, 12, (k) => (2 * k + 3) / ((2 * k + 1) * 4 * (k + 1) * (k + 2)));

/** The modified Bessel function I₀. */
export const i0: Elementwise<Unary> = liftUnary(
  piecewise('i0', {
    value: formulas.besselI0,
    partials: (x) => [i1(x)],
    latex: (m, [x]) => m.entrywise('I_{0}', x),
    domain: reals,
  }),
  floating,
);

/** The modified Bessel function I₁. */
export const i1: Elementwise<Unary> = liftUnary(
  piecewise('i1', {
    value: formulas.besselI1,
    partials: (x, y) => [
      splitNearZero(
        x,
        1,
        (small) => evenSeries(small, SLOPE),
        (clear) => sub(i0(x), div(y, clear)),
      ),
    ],
    latex: (m, [x]) => m.entrywise('I_{1}', x),
    domain: reals,
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
      const scaledSlope = splitNearZero(
        x,
        1,
        (small) => mul(exp(neg(abs(small))), evenSeries(small, SLOPE)),
        (clear) => sub(i0e(x), div(y, clear)),
      );
      return [sub(scaledSlope, mul(sign(x), y))];
    },
    latex: (m, [x]) => m.mul(m.exp(m.neg(m.abs(x))), m.entrywise('I_{1}', x)),
    domain: kinkAtZero,
  }),
  floating,
);
