import type { VectorMath } from '../vector-math.ts';
import { isSigned, withSignOf } from './bits.ts';
import { HALF_PI } from './half-pi.ts';
import { oddPolynomial } from './polynomial.ts';

/** `(f(x) - x) / x³` by powers of x²: asin to ½, atan to tan π/8. */
const ASIN = [0.16666752, 0.074953094, 0.04546915, 0.024184778, 0.042158306];
const ATAN = [-0.33332947, 0.19977617, -0.13876623, 0.08050165];

export function asin<V>(v: VectorMath<V>, x: V): V {
  const { isNear, value } = asinOfHalf(v, x);
  const far = v.subtract(v.constant(HALF_PI.high), v.subtract(v.add(value, value), v.constant(HALF_PI.low)));
  return v.select(isNear, value, withSignOf(v, far, x));
}

export function acos<V>(v: VectorMath<V>, x: V): V {
  const { isNear, value } = asinOfHalf(v, x);
  const near = v.subtract(v.constant(HALF_PI.high), v.subtract(value, v.constant(HALF_PI.low)));
  const toOne = v.share(v.add(value, value));
  const pi = v.constant(2 * HALF_PI.high);
  const toMinusOne = v.subtract(pi, v.subtract(toOne, v.constant(2 * HALF_PI.low)));
  return v.select(isNear, near, v.select(v.less(x, v.constant(0)), toMinusOne, toOne));
}

/** asin x for |x| ≤ ½, else asin √((1 - |x|)/2), which is half of what asin |x| lacks to π/2. */
function asinOfHalf<V>(v: VectorMath<V>, x: V): { isNear: V; value: V } {
  const magnitude = v.share(v.absolute(x));
  const isNear = v.share(v.lessEqual(magnitude, v.constant(0.5)));
  const halfRest = v.multiply(v.subtract(v.constant(1), magnitude), v.constant(0.5));
  const square = v.share(v.select(isNear, v.multiply(x, x), halfRest));
  const base = v.share(v.select(isNear, x, v.squareRoot(square)));
  return { isNear, value: v.share(oddPolynomial(v, base, square, ASIN)) };
}

export function atan<V>(v: VectorMath<V>, x: V): V {
  return withSignOf(v, angle(v, v.share(v.absolute(x)), v.constant(1)), x);
}

export function atan2<V>(v: VectorMath<V>, y: V, x: V): V {
  const [height, width] = comparable(v, v.share(v.absolute(y)), v.share(v.absolute(x)));
  const right = v.share(angle(v, height, width));
  const left = v.subtract(v.constant(2 * HALF_PI.high), v.subtract(right, v.constant(2 * HALF_PI.low)));
  return withSignOf(v, v.select(isSigned(v, x), left, right), y);
}

/** Two magnitudes of the same ratio whose sum does not overflow; 1 for both if both are infinite. */
function comparable<V>(v: VectorMath<V>, a: V, b: V): [V, V] {
  const larger = v.share(v.maximum(a, b));
  const small = v.and(v.less(larger, v.constant(2 ** -64)), v.constant(2 ** 64));
  const factor = v.select(v.less(v.constant(2 ** 64), larger), v.constant(2 ** -64), v.constant(1));
  const scale = v.share(v.select(v.less(larger, v.constant(2 ** -64)), small, factor));
  const both = v.share(v.equal(v.minimum(a, b), v.constant(Infinity)));
  const scaled = (x: V): V => v.share(v.select(both, v.constant(1), v.multiply(x, scale)));
  return [scaled(a), scaled(b)];
}

/** The angle between 0 and π/2 of a point in the first quadrant; 0 at the origin. */
function angle<V>(v: VectorMath<V>, height: V, width: V): V {
  const isSteep = v.share(v.less(v.multiply(width, v.constant(1 + Math.SQRT2)), height));
  const isFlat = v.share(v.lessEqual(height, v.multiply(width, v.constant(Math.SQRT2 - 1))));
  const middle = v.select(isFlat, height, v.subtract(height, width));
  const above = v.select(isSteep, v.negate(width), middle);
  const below = v.share(v.select(isSteep, height, v.select(isFlat, width, v.add(height, width))));
  const ratio = v.share(v.divide(above, v.select(v.equal(below, v.constant(0)), v.constant(1), below)));
  const rest = oddPolynomial(v, ratio, v.share(v.multiply(ratio, ratio)), ATAN);
  const turn = (part: number): V => v.select(isSteep, v.constant(part), v.constant(part / 2));
  const lower = v.add(rest, turn(HALF_PI.low));
  return v.select(isFlat, rest, v.add(turn(HALF_PI.high), lower));
}
