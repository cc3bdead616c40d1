import type { Unary } from '../../core/typed-tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { sub } from '../linear/arithmetic.ts';
import { where } from '../linear/where.ts';
import { reciprocal } from '../smooth/division.ts';
import { gt, logicalOr, lt } from './comparison.ts';
import { piecewise } from './degree.ts';
import { abs } from './kinked.ts';

/** `log(x / (1 - x))`, the inverse of the sigmoid; NaN, and so is its derivative, outside of 0 to 1. */
export const logOdds: Elementwise<Unary> = liftUnary(
  piecewise('logit', {
    value: (m, x) => m.log(m.div(x, m.sub(m.constant(1), x))),
    // |…| for -0, where the derivative is ∞, too.
    partials: (x) => [where(logicalOr(lt(x, 0), gt(x, 1)), Number.NaN, reciprocal(abs(mul(x, sub(1, x)))))],
    domain: { low: 0.05, high: 0.95 },
  }),
  { floating: true },
);
