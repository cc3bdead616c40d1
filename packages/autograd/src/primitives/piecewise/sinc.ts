import type { Unary } from '../../core/typed-tensor.ts';
import { sineOfHalfTurns } from '../../kernels/special/half-turns.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { sub } from '../linear/arithmetic.ts';
import { div } from '../smooth/division.ts';
import { reals } from '../smooth/domains.ts';
import { cos } from '../smooth/trigonometric.ts';
import { piecewise } from './degree.ts';
import { coefficientsFrom, evenSeries, splitNearZero } from './near-zero.ts';

/** `sinc'(x) / x` by powers of x²: `(-1)ᵏ⁺¹ π²ᵏ⁺² (2k + 2) / (2k + 3)!`. */
const SLOPE = coefficientsFrom(-(Math.PI ** 2) / 3, 14, (k) => -(Math.PI ** 2) / ((2 * k + 2) * (2 * k + 5)));

/** `sin(πx) / (πx)`, 1 at 0; smooth, but its derivative has a formula only clear of 0, and a series near it. */
export const sinc: Elementwise<Unary> = liftUnary(
  piecewise('sinc', {
    value: (m, x) => {
      // The sine of the distance to a whole number, so that it is 0 at each.
      const whole = m.share(m.round(x));
      const half = m.mul(whole, m.constant(0.5));
      const sine = m.share(sineOfHalfTurns(m, m.share(m.sub(x, whole))));
      const signed = m.select(m.equal(m.floor(half), half), sine, m.neg(sine));
      return m.select(m.equal(x, m.constant(0)), m.constant(1), m.div(signed, m.mul(x, m.constant(Math.PI))));
    },
    partials: (x, y) => [
      splitNearZero(
        x,
        0.5,
        (small) => mul(small, evenSeries(small, SLOPE)),
        (clear) => div(sub(cos(mul(x, Math.PI)), y), clear),
      ),
    ],
    latex: (m, [x]) => m.entrywise('\\operatorname{sinc}', x),
    domain: reals,
  }),
  { floating: true },
);
