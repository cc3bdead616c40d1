import type { Unary } from '../../core/typed-tensor.ts';
import { complementaryErrorFunction, scaledComplementaryErrorFunction } from '../../kernels/special/error-functions.ts';
import { inverseErrorFunction } from '../../kernels/special/inverse-normal.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { neg, sub } from '../linear/arithmetic.ts';
import { smooth } from './degree.ts';
import { reals } from './domains.ts';
import { exp } from './exponential.ts';
import { square } from './powers.ts';

const floating = { floating: true };
/** The slope of the error function at 0. */
const SLOPE = 2 / Math.sqrt(Math.PI);

/** The error function `2/√π ∫₀ˣ exp(-t²) dt`. */
export const erf: Elementwise<Unary> = liftUnary(
  smooth('erf', {
    value: (m, x) => m.erf(x),
    partials: (x) => [mul(exp(neg(square(x))), SLOPE)],
    domain: reals,
  }),
  floating,
);

/** `1 - erf(x)`, accurate also where it is tiny. */
export const erfc: Elementwise<Unary> = liftUnary(
  smooth('erfc', {
    value: complementaryErrorFunction,
    partials: (x) => [mul(exp(neg(square(x))), -SLOPE)],
    latex: (m, [x]) => m.entrywise('\\operatorname{erfc}', x),
    domain: reals,
  }),
  floating,
);

/** `exp(x²) (1 - erf(x))`, which neither overflows nor vanishes for large `x`. */
export const erfcx: Elementwise<Unary> = liftUnary(
  smooth('erfcx', {
    value: scaledComplementaryErrorFunction,
    partials: (x, y) => [sub(mul(mul(x, y), 2), SLOPE)],
    latex: (m, [x]) => m.mul(m.exp(m.mul(x, x)), m.entrywise('\\operatorname{erfc}', x)),
    domain: { low: -1.5, high: 3 },
  }),
  floating,
);

/** The argument at which the error function has the value `x`: ±∞ at ±1, NaN beyond. */
export const erfinv: Elementwise<Unary> = liftUnary(
  smooth('erfinv', {
    value: inverseErrorFunction,
    partials: (_x, y) => [mul(exp(square(y)), 1 / SLOPE)],
    latex: (m, [x]) => m.entrywise('\\operatorname{erf}^{-1}', x),
    domain: { low: -0.8, high: 0.8 },
  }),
  floating,
);
