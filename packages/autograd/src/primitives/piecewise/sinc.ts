import type { Tensor } from '../../core/tensor.ts';
import type { Unary } from '../../core/typed-tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { add, sub } from '../linear/arithmetic.ts';
import { where } from '../linear/where.ts';
import { div } from '../smooth/division.ts';
import { reals } from '../smooth/domains.ts';
import { square } from '../smooth/powers.ts';
import { cos } from '../smooth/trigonometric.ts';
import { lt } from './comparison.ts';
import { piecewise } from './degree.ts';
import { abs } from './kinked.ts';

/** The derivative below is its series here, to any order, and its formula beyond. */
const NEAR = 0.5;
/** `sinc'(x) / x` by powers of x²: `(-1)ᵏ⁺¹ π²ᵏ⁺² (2k + 2) / (2k + 3)!`, the highest first. */
const SERIES = seriesOfSlope(14);

function seriesOfSlope(count: number): readonly number[] {
  const coefficients = [-(Math.PI ** 2) / 3];
  for (let k = 0; k < count - 1; k++) {
    coefficients.unshift((coefficients[0] as number) * (-(Math.PI ** 2) / ((2 * k + 2) * (2 * k + 5))));
  }
  return coefficients;
}

/** `sin(πx) / (πx)`, 1 at 0; smooth, but its derivative has a formula only clear of 0, and a series near it. */
export const sinc: Elementwise<Unary> = liftUnary(
  piecewise('sinc', {
    value: (m, x) => {
      // The sine of the distance to a whole number, so that it is 0 at each.
      const whole = m.keep(m.round(x));
      const half = m.mul(whole, m.constant(0.5));
      const sine = m.keep(m.sin(m.mul(m.sub(x, whole), m.constant(Math.PI))));
      const signed = m.select(m.equal(m.floor(half), half), sine, m.neg(sine));
      return m.select(m.equal(x, m.constant(0)), m.constant(1), m.div(signed, m.mul(x, m.constant(Math.PI))));
    },
    partials: (x, y) => {
      const isNear = lt(abs(x), NEAR);
      const clear = where(isNear, 1, x);
      return [where(isNear, mul(x, series(square(where(isNear, x, 0)))), div(sub(cos(mul(x, Math.PI)), y), clear))];
    },
    latex: (m, [x]) => m.entrywise('\\operatorname{sinc}', x),
    domain: reals,
  }),
  { floating: true },
);

function series(squared: Tensor): Tensor {
  const [highest, next, ...others] = SERIES as readonly [number, number, ...number[]];
  return others.reduce<Tensor>((sum, c) => add(mul(sum, squared), c), add(mul(squared, highest), next));
}
