import type { Tensor } from '../../core/tensor.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { step } from './degree.ts';

type Operand = Tensor | number;

/** Whether `|a - b| ≤ atol + rtol |b|`, dtype bool; equal infinities are close, two NaN where the last operand holds. */
export const areClose: Elementwise<
  (a: Operand, b: Operand, rtol: Operand, atol: Operand, equalNaN: Operand) => Tensor
> = lift(
  step(
    'isclose',
    (m, a, b, rtol, atol, equalNaN) => {
      const distance = m.keep(m.abs(m.sub(a, b)));
      const isNear = m.lessEqual(distance, m.add(atol, m.abs(m.mul(rtol, b))));
      const isBounded = m.less(distance, m.constant(Infinity));
      const areNaN = m.and(m.not(m.equal(a, a)), m.not(m.equal(b, b)));
      const areBothNaN = m.and(areNaN, m.not(m.equal(equalNaN, m.constant(0))));
      return m.or(m.or(m.equal(a, b), m.and(isNear, isBounded)), areBothNaN);
    },
    [
      { low: -3, high: 3 },
      { low: -3, high: 3 },
      { low: 0, high: 1e-4 },
      { low: 0, high: 1e-6 },
      { low: 0, high: 1 },
    ],
    'bool',
  ),
);
