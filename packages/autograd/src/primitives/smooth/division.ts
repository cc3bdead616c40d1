import type { Binary, Unary } from '../../core/typed-tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, lift, liftUnary } from '../linear/align.ts';
import { neg } from '../linear/arithmetic.ts';
import { smooth } from './degree.ts';
import { nonzero, reals } from './domains.ts';

/** `1 / x`. */
export const reciprocal: Elementwise<Unary> = liftUnary(
  smooth('reciprocal', {
    value: (m, x) => m.div(m.constant(1), x),
    partials: (_x, y) => [neg(mul(y, y))],
    domain: nonzero,
  }),
  { floating: true },
);

/** `a / b`; whole numbers are divided as float32. */
export const div: Elementwise<Binary<'div'>> = lift(
  smooth('div', {
    value: (m, a, b) => m.div(a, b),
    partials: (_a, b, y) => [reciprocal(b), neg(div(y, b))],
    domain: [reals, nonzero],
  }),
  { floating: true },
);
