import type { Unary } from '../../core/typed-tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { add, sub } from '../linear/arithmetic.ts';
import { smooth } from './degree.ts';
import { reals } from './domains.ts';
import { erf } from './error-function.ts';
import { exp } from './exponential.ts';
import { tanh } from './hyperbolic.ts';
import { square } from './powers.ts';

const floating = { floating: true };

/** `1 / (1 + e⁻ˣ)`, with derivative `y (1 - y)`. */
export const sigmoid: Elementwise<Unary> = liftUnary(
  smooth('sigmoid', {
    value: (m, x) => m.sigmoid(x),
    partials: (_x, y) => [mul(y, sub(1, y))],
    domain: reals,
  }),
  floating,
);

/** `log(1 + eˣ)`, without overflow; its derivative is the sigmoid. */
export const logOnePlusExp: Elementwise<Unary> = liftUnary(
  smooth('logOnePlusExp', {
    value: (m, x) => m.add(m.maximum(x, m.constant(0)), m.log1p(m.exp(m.neg(m.abs(x))))),
    partials: (x) => [sigmoid(x)],
    latex: (m, [x]) => m.log1p(m.exp(x)),
    domain: reals,
  }),
  floating,
);

/** `x σ(x)`, also called swish. */
export const silu: Elementwise<Unary> = liftUnary(
  smooth('silu', {
    value: (m, x) => m.mul(x, m.sigmoid(x)),
    partials: (x) => {
      const s = sigmoid(x);
      return [mul(s, add(mul(x, sub(1, s)), 1))];
    },
    domain: reals,
  }),
  floating,
);

/** `x Φ(x)` with the normal distribution function `Φ(x) = (1 + erf(x/√2)) / 2`. Hendrycks and Gimpel, 2016. */
export const geluExact: Elementwise<Unary> = liftUnary(
  smooth('gelu', {
    value: (m, x) => m.mul(m.mul(m.constant(0.5), x), m.add(m.constant(1), m.erf(m.mul(x, m.constant(Math.SQRT1_2))))),
    partials: (x) => [
      add(
        mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5),
        mul(mul(x, exp(mul(square(x), -0.5))), 1 / Math.sqrt(2 * Math.PI)),
      ),
    ],
    latex: (m, [x]) => m.mul(x, m.entrywise('\\Phi', x)),
    domain: reals,
  }),
  floating,
);

const SLOPE = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`, the usual approximation of `geluExact`. */
export const geluTanh: Elementwise<Unary> = liftUnary(
  smooth('geluTanh', {
    value: (m, x) => {
      const inner = m.mul(m.constant(SLOPE), m.add(x, m.mul(m.constant(CUBIC), m.mul(x, m.mul(x, x)))));
      return m.mul(m.mul(m.constant(0.5), x), m.add(m.constant(1), m.tanh(inner)));
    },
    partials: (x) => {
      const t = tanh(mul(mul(x, add(mul(square(x), CUBIC), 1)), SLOPE));
      const slope = mul(add(mul(square(x), 3 * CUBIC), 1), SLOPE);
      return [mul(add(add(t, 1), mul(mul(x, sub(1, square(t))), slope)), 0.5)];
    },
    domain: reals,
  }),
  floating,
);

/** `x tanh(log(1 + eˣ))`. Misra, 2019. */
export const mish: Elementwise<Unary> = liftUnary(
  smooth('mish', {
    value: (m, x) => m.mul(x, m.tanh(m.add(m.maximum(x, m.constant(0)), m.log1p(m.exp(m.neg(m.abs(x))))))),
    partials: (x) => {
      const t = tanh(logOnePlusExp(x));
      return [add(t, mul(mul(x, sigmoid(x)), sub(1, square(t))))];
    },
    latex: (m, [x]) => m.mul(x, m.tanh(m.log1p(m.exp(x)))),
    domain: reals,
  }),
  floating,
);
