import type { Tensor } from '../../core/tensor.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { step } from './degree.ts';

/** 0 below zero, 1 above, and the second operand at zero; 0 where `x` is NaN. Its derivative is taken to be 0. */
export const stepAtZero: Elementwise<(x: Tensor, atZero: Tensor | number) => Tensor> = lift(
  step('heaviside', (m, x, atZero) => m.select(m.equal(x, m.constant(0)), atZero, m.less(m.constant(0), x)), {
    low: -3,
    high: 3,
    kinks: [0],
  }),
);
