import type { VectorMath } from '../vector-math.ts';
import { polynomial } from './polynomial.ts';
import { reduce } from './reduction.ts';

/** `r coth(r / 2)` by powers of r², for |r| ≤ ln 2 / 2. */
const EVEN = [2, 0.16666618, -0.0027659822];

/** Here the sigmoid is 1, and here a power is infinite and the sigmoid 0. */
const ONE = 20;
const ZERO = -88.6;

/** 1 / (1 + e⁻ˣ) by e⁻ˣ = 2ⁿ e⁻ʳ and e⁻ʳ = (even - r) / (even + r); 0 where that is below 2⁻¹²⁷. */
export function sigmoid<V>(v: VectorMath<V>, x: V): V {
  const clamped = v.share(v.minimum(v.maximum(x, v.constant(ZERO)), v.constant(ONE)));
  const { rest, power } = reduce(v, clamped, -1);
  const even = v.share(polynomial(v, v.share(v.multiply(rest, rest)), EVEN));
  const above = v.share(v.add(even, rest));
  return v.divide(above, v.multiplyAdd(v.subtract(even, rest), power, above));
}
