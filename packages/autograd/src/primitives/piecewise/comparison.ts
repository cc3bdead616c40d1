import type { Tensor } from '../../core/tensor.ts';
import type { Binary } from '../../core/typed-tensor.ts';
import type { ScalarMath } from '../../kernels/scalar-math.ts';
import { type Elementwise, lift, liftUnary } from '../linear/align.ts';
import { reals, untied } from '../smooth/domains.ts';
import { step } from './degree.ts';

/** `a < b`, dtype bool. */
export const lt: Elementwise<Binary<'lt'>> = lift(step('lt', (m, a, b) => m.less(a, b), untied, 'bool'));
/** `a ≤ b`, dtype bool. */
export const le: Elementwise<Binary<'le'>> = lift(step('le', (m, a, b) => m.lessEqual(a, b), untied, 'bool'));
/** `a > b`, dtype bool. */
export const gt: Elementwise<Binary<'gt'>> = lift(step('gt', (m, a, b) => m.less(b, a), untied, 'bool'));
/** `a ≥ b`, dtype bool. */
export const ge: Elementwise<Binary<'ge'>> = lift(step('ge', (m, a, b) => m.lessEqual(b, a), untied, 'bool'));
/** `a = b`, dtype bool; NaN equals nothing. */
export const eq: Elementwise<Binary<'eq'>> = lift(step('eq', (m, a, b) => m.equal(a, b), untied, 'bool'));
/** `a ≠ b`, dtype bool. */
export const ne: Elementwise<Binary<'ne'>> = lift(step('ne', (m, a, b) => m.not(m.equal(a, b)), untied, 'bool'));

/** Whether a number stands for true: it is not zero. NaN is true, as in C and PyTorch. */
function holds<T>(m: ScalarMath<T>, x: T): T {
  return m.not(m.equal(x, m.constant(0)));
}

/** Both hold (are not zero), dtype bool. */
export const logicalAnd: Elementwise<Binary<'logicalAnd'>> = lift(
  step('logicalAnd', (m, a, b) => m.and(holds(m, a), holds(m, b)), reals, 'bool'),
);
/** One or both hold, dtype bool. */
export const logicalOr: Elementwise<Binary<'logicalOr'>> = lift(
  step('logicalOr', (m, a, b) => m.or(holds(m, a), holds(m, b)), reals, 'bool'),
);
/** One holds and the other does not, dtype bool. */
export const logicalXor: Elementwise<Binary<'logicalXor'>> = lift(
  step('logicalXor', (m, a, b) => m.not(m.equal(holds(m, a), holds(m, b))), reals, 'bool'),
);
/** It does not hold, dtype bool. */
export const logicalNot: Elementwise<(x: Tensor) => Tensor> = liftUnary(
  step('logicalNot', (m, x) => m.equal(x, m.constant(0)), reals, 'bool'),
);
/** Whether an entry is NaN, dtype bool. */
export const isnan: Elementwise<(x: Tensor) => Tensor> = liftUnary(
  step('isnan', (m, x) => m.not(m.equal(x, x)), reals, 'bool'),
);
