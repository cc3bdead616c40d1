import type { Unary } from '../../core/typed-tensor.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import type { Domain } from '../../tape/primitive.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { add } from '../linear/arithmetic.ts';
import { where } from '../linear/where.ts';
import { le, lt } from './comparison.ts';
import { piecewise } from './degree.ts';

const floating = { floating: true };
const kinksAtThree: Domain = { low: -5, high: 5, kinks: [-3, 3] };

/** A straight line from 0 at -3 to 1 at 3. */
export const ramp: Formula = (m, x) =>
  m.div(m.minimum(m.maximum(m.add(x, m.constant(3)), m.constant(0)), m.constant(6)), m.constant(6));

/** `x min(max(x + 3, 0), 6) / 6`, a stand-in for `silu`; derivative 0 at -3, 1 at 3, and 1 where `x` is NaN. */
export const hardswish: Elementwise<Unary> = liftUnary(
  piecewise('hardswish', {
    value: (m, x) => m.mul(x, ramp(m, x)),
    partials: (x) => [where(le(x, -3), 0, where(lt(x, 3), add(mul(x, 1 / 3), 0.5), 1))],
    domain: kinksAtThree,
  }),
  floating,
);
