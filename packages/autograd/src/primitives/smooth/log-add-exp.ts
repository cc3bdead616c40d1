import type { Binary } from '../../core/typed-tensor.ts';
import type { ScalarMath } from '../../kernels/scalar-math.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { sub } from '../linear/arithmetic.ts';
import { sigmoid } from './activations.ts';
import { smooth } from './degree.ts';
import { reals } from './domains.ts';

const floating = { floating: true };

/** `|a - b|`, which is 0 for two infinities of one sign. */
function distance<T>(m: ScalarMath<T>, a: T, b: T): T {
  return m.select(m.equal(a, b), m.constant(0), m.abs(m.sub(a, b)));
}

/** `log(eᵃ + eᵇ)`, without overflow. */
export const logaddexp: Elementwise<Binary<'logaddexp'>> = lift(
  smooth('logaddexp', {
    value: (m, a, b) => m.add(m.maximum(a, b), m.log1p(m.exp(m.neg(distance(m, a, b))))),
    partials: (a, b) => [sigmoid(sub(a, b)), sigmoid(sub(b, a))],
    latex: (m, [a, b]) => m.log(m.add(m.exp(a), m.exp(b))),
    domain: reals,
  }),
  floating,
);

/** `log₂(2ᵃ + 2ᵇ)`, without overflow. */
export const logaddexp2: Elementwise<Binary<'logaddexp2'>> = lift(
  smooth('logaddexp2', {
    value: (m, a, b) => {
      const power = m.exp(m.mul(distance(m, a, b), m.constant(-Math.LN2)));
      return m.add(m.maximum(a, b), m.mul(m.log1p(power), m.constant(Math.LOG2E)));
    },
    partials: (a, b) => [sigmoid(mul(sub(a, b), Math.LN2)), sigmoid(mul(sub(b, a), Math.LN2))],
    latex: (m, [a, b]) => m.log2(m.add(m.pow(m.constant(2), a), m.pow(m.constant(2), b))),
    domain: reals,
  }),
  floating,
);
