import type { Binary } from '../../core/typed-tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { sub } from '../linear/arithmetic.ts';
import { where } from '../linear/where.ts';
import { positive, reals } from '../smooth/domains.ts';
import { log } from '../smooth/exponential.ts';
import { eq, ge, logicalAnd } from './comparison.ts';
import { piecewise } from './degree.ts';

/**
 * `aᵇ`. Its derivative by the base is `b aᵇ⁻¹`, and 0 where `b` is 0; by the exponent `aᵇ log a`, and 0 where `a` is 0
 * and `b` is not negative.
 */
export const power: Elementwise<Binary<'pow'>> = lift(
  piecewise('pow', {
    value: (m, a, b) => m.pow(a, b),
    partials: (a, b, y) => [
      where(eq(b, 0), 0, mul(b, power(a, sub(b, 1)))),
      where(logicalAnd(eq(a, 0), ge(b, 0)), 0, mul(y, log(a))),
    ],
    domain: [positive, reals],
  }),
);
