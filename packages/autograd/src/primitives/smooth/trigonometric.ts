import type { Unary } from '../../core/typed-tensor.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { add, neg, sub } from '../linear/arithmetic.ts';
import { smooth } from './degree.ts';
import { reciprocal } from './division.ts';
import { reals, unit } from './domains.ts';
import { rsqrt, square } from './powers.ts';

const floating = { floating: true };

/** The sine; angles in radians. */
export const sin: Elementwise<Unary> = liftUnary(
  smooth('sin', { value: (m, x) => m.sin(x), partials: (x) => [cos(x)], domain: reals }),
  floating,
);

/** The cosine; angles in radians. */
export const cos: Elementwise<Unary> = liftUnary(
  smooth('cos', { value: (m, x) => m.cos(x), partials: (x) => [neg(sin(x))], domain: reals }),
  floating,
);

/** The tangent; angles in radians. */
export const tan: Elementwise<Unary> = liftUnary(
  smooth('tan', {
    value: (m, x) => m.tan(x),
    partials: (_x, y) => [add(square(y), 1)],
    domain: { low: -1.3, high: 1.3 },
  }),
  floating,
);

/** The angle in `[-π/2, π/2]` whose sine is `x`. */
export const asin: Elementwise<Unary> = liftUnary(
  smooth('asin', { value: (m, x) => m.asin(x), partials: (x) => [rsqrt(sub(1, square(x)))], domain: unit }),
  floating,
);

/** The angle in `[0, π]` whose cosine is `x`. */
export const acos: Elementwise<Unary> = liftUnary(
  smooth('acos', { value: (m, x) => m.acos(x), partials: (x) => [neg(rsqrt(sub(1, square(x))))], domain: unit }),
  floating,
);

/** The angle in `(-π/2, π/2)` whose tangent is `x`. */
export const atan: Elementwise<Unary> = liftUnary(
  smooth('atan', { value: (m, x) => m.atan(x), partials: (x) => [reciprocal(add(square(x), 1))], domain: reals }),
  floating,
);
