import type { VectorMath } from '../vector-math.ts';
import { withSignOf } from './bits.ts';
import { halfExp } from './exp.ts';
import { naturalLogarithm } from './logarithm.ts';
import { oddPolynomial, polynomial } from './polynomial.ts';
import { wholePowers } from './reduction.ts';

/** `(f(x) - x) / x³` by powers of x². */
const SINH = [0.16666716, 0.008330274, 0.00020372833];
const TANH = [-0.333311, 0.13103785];
const ASINH = [-0.16666657, 0.07499524, -0.04456524, 0.029770654, -0.019702788, 0.010453662, -0.0029830043];
const ATANH = [0.33333302, 0.20002453, 0.14223786, 0.11816386, 0.05160436, 0.1763785];
/** `acosh(1 + t) / √(2t)` by powers of t. */
const ACOSH = [1, -0.08333322, 0.018746605, -0.0055479147, 0.0017602185, -0.0004133875];

/** From here on 1 ± x² and x² round to the same, or overflow. */
const HUGE = 2 ** 13;

export function sinh<V>(v: VectorMath<V>, x: V): V {
  const magnitude = v.share(v.absolute(x));
  const { half, inverse } = halfExponential(v, magnitude);
  const near = oddPolynomial(v, x, v.share(v.multiply(x, x)), SINH);
  const far = withSignOf(v, v.subtract(half, inverse), x);
  return v.select(v.less(magnitude, v.constant(1)), near, far);
}

export function cosh<V>(v: VectorMath<V>, x: V): V {
  const { half, inverse } = halfExponential(v, v.absolute(x));
  return v.add(half, inverse);
}

/** exp(x) / 2 and exp(-x) / 2, for x ≥ 0. */
function halfExponential<V>(v: VectorMath<V>, x: V): { half: V; inverse: V } {
  const half = v.share(halfExp(v, x));
  return { half, inverse: v.divide(v.constant(0.25), half) };
}

/**
 * By the sum x = n ln 2 / 2 + rest and tanh(a + b) = (tanh a + tanh b) / (1 + tanh a tanh b), of which
 * tanh a = (2ⁿ - 1) / (2ⁿ + 1). Where tanh saturates, both sides of the quotient are the same float.
 */
export function tanh<V>(v: VectorMath<V>, x: V): V {
  const magnitude = v.share(v.minimum(v.absolute(x), v.constant(10)));
  const { n, power } = wholePowers(v, magnitude, 0.5);
  // One product is enough: n is small, and where it is not, the rest does not count.
  const rest = v.share(v.multiplyAdd(n, v.constant(-Math.LN2 / 2), magnitude));
  const ofRest = v.share(oddPolynomial(v, rest, v.share(v.multiply(rest, rest)), TANH));
  const [below, above] = [v.subtract(power, v.constant(1)), v.add(power, v.constant(1))].map((side) => v.share(side));
  const quotient = v.divide(v.multiplyAdd(above, ofRest, below), v.multiplyAdd(below, ofRest, above));
  return withSignOf(v, quotient, x);
}

export function asinh<V>(v: VectorMath<V>, x: V): V {
  const magnitude = v.share(v.absolute(x));
  const square = v.share(v.multiply(x, x));
  const root = v.squareRoot(v.add(square, v.constant(1)));
  const far = logarithmOfSum(v, magnitude, v.share(root));
  const near = oddPolynomial(v, magnitude, square, ASINH);
  return withSignOf(v, v.select(v.less(magnitude, v.constant(0.75)), near, far), x);
}

export function acosh<V>(v: VectorMath<V>, x: V): V {
  const distance = v.share(v.subtract(x, v.constant(1)));
  const near = v.multiply(v.squareRoot(v.add(distance, distance)), polynomial(v, distance, ACOSH));
  const square = v.multiply(distance, v.add(x, v.constant(1)));
  const far = logarithmOfSum(v, x, v.share(v.squareRoot(square)));
  return v.select(v.less(v.constant(1.5), x), far, near);
}

/** ln(x + y) for x ≥ y > 0, or ln(2 x) where x is huge and y about the same. */
function logarithmOfSum<V>(v: VectorMath<V>, x: V, y: V): V {
  const isHuge = v.share(v.less(v.constant(HUGE), x));
  const sum = v.share(v.select(isHuge, x, v.add(x, y)));
  const doubled = v.and(isHuge, v.constant(1));
  const value = naturalLogarithm(v, sum, v.constant(0), doubled);
  return v.select(v.less(sum, v.constant(Infinity)), value, sum);
}

export function atanh<V>(v: VectorMath<V>, x: V): V {
  const magnitude = v.share(v.absolute(x));
  const rest = v.share(v.subtract(v.constant(1), magnitude));
  const ratio = v.share(v.divide(v.add(magnitude, v.constant(1)), rest));
  const logarithm = naturalLogarithm(v, ratio, v.constant(0), v.constant(0));
  // At 1 the ratio is infinite, beyond it is negative.
  const atBorders = v.select(v.equal(magnitude, v.constant(1)), ratio, v.constant(Number.NaN));
  const far = v.select(v.less(magnitude, v.constant(1)), v.multiply(logarithm, v.constant(0.5)), atBorders);
  const near = oddPolynomial(v, x, v.share(v.multiply(x, x)), ATANH);
  return v.select(v.less(magnitude, v.constant(0.5)), near, withSignOf(v, far, x));
}
