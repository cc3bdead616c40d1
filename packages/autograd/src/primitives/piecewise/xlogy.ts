import type { Binary, Unary } from '../../core/typed-tensor.ts';
import type { ScalarMath } from '../../kernels/scalar-math.ts';
import { type Elementwise, lift, liftUnary } from '../linear/align.ts';
import { add, neg } from '../linear/arithmetic.ts';
import { where } from '../linear/where.ts';
import { div } from '../smooth/division.ts';
import { positive, reals } from '../smooth/domains.ts';
import { log, log1p } from '../smooth/exponential.ts';
import { eq, le, logicalAnd } from './comparison.ts';
import { piecewise } from './degree.ts';

const floating = { floating: true };

/** The product, which is 0 where `a` is, whatever the logarithm; NaN where `b` is. */
function timesLogarithm<T>(m: ScalarMath<T>, a: T, b: T, logarithm: T): T {
  const vanishes = m.and(m.equal(a, m.constant(0)), m.equal(b, b));
  return m.select(vanishes, m.constant(0), m.mul(a, logarithm));
}

/** `a log b`, and 0 where `a` is 0; its derivative by `a` is 0, too, where `a` is 0 and `b` has no logarithm. */
export const xlogy: Elementwise<Binary<'xlogy'>> = lift(
  piecewise('xlogy', {
    value: (m, a, b) => timesLogarithm(m, a, b, m.log(b)),
    partials: (a, b) => [where(logicalAnd(eq(a, 0), le(b, 0)), 0, log(b)), div(a, b)],
    latex: (m, [a, b]) => m.mul(a, m.log(b)),
    domain: [reals, positive],
  }),
  floating,
);

/** `a log(1 + b)`, accurate for small `b`, and 0 where `a` is 0; its derivative by `a` as that of {@link xlogy}. */
export const xlog1py: Elementwise<Binary<'xlog1py'>> = lift(
  piecewise('xlog1py', {
    value: (m, a, b) => timesLogarithm(m, a, b, m.log1p(b)),
    partials: (a, b) => [where(logicalAnd(eq(a, 0), le(b, -1)), 0, log1p(b)), div(a, add(b, 1))],
    latex: (m, [a, b]) => m.mul(a, m.log1p(b)),
    domain: [reals, { low: -0.9, high: 4 }],
  }),
  floating,
);

/** The entropy `-x log x` of one outcome: 0 at 0, and -∞ below, where its derivative is NaN. */
export const entr: Elementwise<Unary> = liftUnary(
  piecewise('entr', {
    value: (m, x) => {
      const zero = m.constant(0);
      const outside = m.select(m.less(x, zero), m.constant(-Infinity), m.mul(x, x));
      return m.select(m.less(zero, x), m.neg(m.mul(x, m.log(x))), outside);
    },
    partials: (x) => [neg(add(log(x), 1))],
    latex: (m, [x]) => m.neg(m.mul(x, m.log(x))),
    domain: positive,
  }),
  floating,
);
