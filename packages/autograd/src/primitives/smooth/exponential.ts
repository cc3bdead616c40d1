import type { Unary } from '../../core/typed-tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { add } from '../linear/arithmetic.ts';
import { smooth } from './degree.ts';
import { reciprocal } from './division.ts';
import { positive, reals } from './domains.ts';

const floating = { floating: true };

/** `eˣ`. */
export const exp: Elementwise<Unary> = liftUnary(
  smooth('exp', { value: (m, x) => m.exp(x), partials: (_x, y) => [y], domain: reals }),
  floating,
);

/** `eˣ - 1`, accurate near zero. */
export const expm1: Elementwise<Unary> = liftUnary(
  smooth('expm1', { value: (m, x) => m.expm1(x), partials: (_x, y) => [add(y, 1)], domain: reals }),
  floating,
);

/** `2ˣ`. */
export const exp2: Elementwise<Unary> = liftUnary(
  smooth('exp2', {
    value: (m, x) => m.pow(m.constant(2), x),
    partials: (_x, y) => [mul(y, Math.LN2)],
    domain: reals,
  }),
  floating,
);

/** The natural logarithm. */
export const log: Elementwise<Unary> = liftUnary(
  smooth('log', { value: (m, x) => m.log(x), partials: (x) => [reciprocal(x)], domain: positive }),
  floating,
);

/** `log(1 + x)`, accurate near zero. */
export const log1p: Elementwise<Unary> = liftUnary(
  smooth('log1p', {
    value: (m, x) => m.log1p(x),
    partials: (x) => [reciprocal(add(x, 1))],
    domain: { low: -0.9, high: 4 },
  }),
  floating,
);

/** The logarithm to base 2. */
export const log2: Elementwise<Unary> = liftUnary(
  smooth('log2', { value: (m, x) => m.log2(x), partials: (x) => [reciprocal(mul(x, Math.LN2))], domain: positive }),
  floating,
);

/** The logarithm to base 10. */
export const log10: Elementwise<Unary> = liftUnary(
  smooth('log10', { value: (m, x) => m.log10(x), partials: (x) => [reciprocal(mul(x, Math.LN10))], domain: positive }),
  floating,
);
