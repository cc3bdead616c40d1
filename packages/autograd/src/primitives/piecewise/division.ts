import { constant } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Binary } from '../../core/typed-tensor.ts';
import type { ScalarMath } from '../../kernels/scalar-math.ts';
import type { Domain } from '../../tape/primitive.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { neg } from '../linear/arithmetic.ts';
import { piecewise, step } from './degree.ts';

/** Quotients that keep clear of whole numbers: of one from 1 to 2 by one from 2 to 3. */
const betweenWholes: readonly Domain[] = [
  { low: 1, high: 1.9 },
  { low: 2, high: 3 },
];

/** The remainder of the quotient rounded towards zero, and whether the one rounded down has the other sign. */
function remainders<T>(m: ScalarMath<T>, a: T, b: T): { rest: T; differs: T } {
  const zero = m.constant(0);
  const rest = m.share(m.fmod(a, b));
  const differs = m.or(m.and(m.less(rest, zero), m.less(zero, b)), m.and(m.less(zero, rest), m.less(b, zero)));
  return { rest, differs: m.share(differs) };
}

/** `⌊a / b⌋`, of the exact quotient, not of the rounded one. Its derivative is taken to be 0. */
export const floorDivide: Elementwise<Binary<'floorDivide'>> = lift({
  ...step(
    'floorDivide',
    (m, a, b) => {
      const { rest, differs } = remainders(m, a, b);
      // Whole but for rounding.
      const towardsZero = m.share(m.round(m.div(m.sub(a, rest), b)));
      const floored = m.select(differs, m.sub(towardsZero, m.constant(1)), towardsZero);
      return m.select(m.equal(b, m.constant(0)), m.div(a, b), floored);
    },
    betweenWholes,
  ),
  latex: (m, [a, b]) => m.floor(m.div(a, b)),
});

/** `a / b` rounded towards zero. Its derivative is taken to be 0. */
export const truncatedQuotient: Elementwise<Binary<'div'>> = lift(
  step('truncateDivide', (m, a, b) => m.trunc(m.div(a, b)), betweenWholes),
);

const one = (like: Tensor): Tensor => constant(1, like.shape, like.dtype);

/** What is left of `a` after `b` times the quotient rounded towards zero: it has the sign of `a`. */
export const fmod: Elementwise<Binary<'fmod'>> = lift(
  piecewise('fmod', {
    value: (m, a, b) => m.fmod(a, b),
    partials: (a, b) => [one(a), neg(truncatedQuotient(a, b))],
    domain: betweenWholes,
  }),
);

/** What is left of `a` after `b` times the quotient rounded down: it has the sign of `b`. */
export const remainder: Elementwise<Binary<'remainder'>> = lift(
  piecewise('remainder', {
    value: (m, a, b) => {
      const { rest, differs } = remainders(m, a, b);
      return m.select(differs, m.add(rest, b), rest);
    },
    partials: (a, b) => [one(a), neg(floorDivide(a, b))],
    latex: (m, [a, b]) => m.sub(a, m.mul(b, m.floor(m.div(a, b)))),
    domain: betweenWholes,
  }),
);
