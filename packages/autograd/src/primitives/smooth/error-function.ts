import type { Unary } from '../../core/typed-tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { neg } from '../linear/arithmetic.ts';
import { smooth } from './degree.ts';
import { reals } from './domains.ts';
import { exp } from './exponential.ts';
import { square } from './powers.ts';

/** The error function `2/√π ∫₀ˣ exp(-t²) dt`. */
export const erf: Elementwise<Unary> = liftUnary(
  smooth('erf', {
    value: (m, x) => m.erf(x),
    partials: (x) => [mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI))],
    domain: reals,
  }),
  { floating: true },
);
