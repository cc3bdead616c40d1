import type { Unary } from '../../core/typed-tensor.ts';
import { logNormalDistribution } from '../../kernels/special/error-functions.ts';
import { inverseNormalDistribution } from '../../kernels/special/inverse-normal.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { smooth } from './degree.ts';
import { reciprocal } from './division.ts';
import { reals } from './domains.ts';
import { erfcx } from './error-function.ts';
import { exp } from './exponential.ts';
import { square } from './powers.ts';

const floating = { floating: true };

/** `log Φ(x)` with the distribution function `Φ` of the normal distribution, accurate in both tails. */
export const logNdtr: Elementwise<Unary> = liftUnary(
  smooth('logNdtr', {
    value: logNormalDistribution,
    // Density over distribution function: √(2/π) / erfcx(-x/√2), in which nothing overflows or cancels.
    partials: (x) => [mul(reciprocal(erfcx(mul(x, -Math.SQRT1_2))), Math.sqrt(2 / Math.PI))],
    latex: (m, [x]) => m.log(m.entrywise('\\Phi', x)),
    domain: reals,
  }),
  floating,
);

/** The argument at which the distribution function of the normal distribution has the value `x`. */
export const ndtri: Elementwise<Unary> = liftUnary(
  smooth('ndtri', {
    value: inverseNormalDistribution,
    partials: (_x, y) => [mul(exp(mul(square(y), 0.5)), Math.sqrt(2 * Math.PI))],
    latex: (m, [x]) => m.entrywise('\\Phi^{-1}', x),
    domain: { low: 0.1, high: 0.9 },
  }),
  floating,
);
