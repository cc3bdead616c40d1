import type { Unary } from '../../core/typed-tensor.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { add, sub } from '../linear/arithmetic.ts';
import { smooth } from './degree.ts';
import { reciprocal } from './division.ts';
import { reals, unit } from './domains.ts';
import { rsqrt, square } from './powers.ts';

const floating = { floating: true };

/** The hyperbolic sine. */
export const sinh: Elementwise<Unary> = liftUnary(
  smooth('sinh', { value: (m, x) => m.sinh(x), partials: (x) => [cosh(x)], domain: reals }),
  floating,
);

/** The hyperbolic cosine. */
export const cosh: Elementwise<Unary> = liftUnary(
  smooth('cosh', { value: (m, x) => m.cosh(x), partials: (x) => [sinh(x)], domain: reals }),
  floating,
);

/** The hyperbolic tangent, with derivative `1 - tanh² x`. */
export const tanh: Elementwise<Unary> = liftUnary(
  smooth('tanh', { value: (m, x) => m.tanh(x), partials: (_x, y) => [sub(1, square(y))], domain: reals }),
  floating,
);

/** The inverse of `sinh`. */
export const asinh: Elementwise<Unary> = liftUnary(
  smooth('asinh', { value: (m, x) => m.asinh(x), partials: (x) => [rsqrt(add(square(x), 1))], domain: reals }),
  floating,
);

/** The inverse of `cosh` on `[1, ∞)`. */
export const acosh: Elementwise<Unary> = liftUnary(
  smooth('acosh', {
    value: (m, x) => m.acosh(x),
    partials: (x) => [rsqrt(sub(square(x), 1))],
    domain: { low: 1.2, high: 4 },
  }),
  floating,
);

/** The inverse of `tanh` on `(-1, 1)`. */
export const atanh: Elementwise<Unary> = liftUnary(
  smooth('atanh', { value: (m, x) => m.atanh(x), partials: (x) => [reciprocal(sub(1, square(x)))], domain: unit }),
  floating,
);
