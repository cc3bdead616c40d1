import type { Unary } from '../../core/typed-tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { smooth } from './degree.ts';
import { reciprocal } from './division.ts';
import { positive, reals } from './domains.ts';

const floating = { floating: true };

/** `√x`. */
export const sqrt: Elementwise<Unary> = liftUnary(
  smooth('sqrt', { value: (m, x) => m.sqrt(x), partials: (_x, y) => [reciprocal(mul(y, 2))], domain: positive }),
  floating,
);

/** `1 / √x`. */
export const rsqrt: Elementwise<Unary> = liftUnary(
  smooth('rsqrt', {
    value: (m, x) => m.div(m.constant(1), m.sqrt(x)),
    partials: (_x, y) => [mul(mul(y, square(y)), -0.5)],
    domain: positive,
  }),
  floating,
);

/** `x²`. */
export const square: Elementwise<Unary> = liftUnary(
  smooth('square', { value: (m, x) => m.mul(x, x), partials: (x) => [mul(x, 2)], domain: reals }),
);
