import type { Tensor } from '../../core/tensor.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { step } from './degree.ts';

type Question = Elementwise<(x: Tensor) => Tensor>;

function question(name: string, formula: Formula): Question {
  return liftUnary(step(name, formula, { low: -3, high: 3, kinks: [0] }, 'bool'));
}

/** Whether an entry is neither infinite nor NaN, dtype bool. */
export const isfinite: Question = question('isfinite', (m, x) => m.less(m.abs(x), m.constant(Infinity)));
/** Whether an entry is ∞ or -∞, dtype bool. */
export const isinf: Question = question('isinf', (m, x) => m.equal(m.abs(x), m.constant(Infinity)));
/** Whether an entry is ∞, dtype bool. */
export const isposinf: Question = question('isposinf', (m, x) => m.equal(x, m.constant(Infinity)));
/** Whether an entry is -∞, dtype bool. */
export const isneginf: Question = question('isneginf', (m, x) => m.equal(x, m.constant(-Infinity)));

/** Whether the sign of a number is negative: -0 counts, and NaN does not. */
export const hasSign: Formula = (m, x) => {
  const zero = m.constant(0);
  return m.or(m.less(x, zero), m.less(m.div(m.constant(1), x), zero));
};
/** Whether an entry is negative or -0, dtype bool. NaN has no sign here. */
export const signbit: Question = question('signbit', hasSign);
