import type { VectorMath } from '../vector-math.ts';
import type { DoubleFloat } from './double-float.ts';
import { polynomial } from './polynomial.ts';
import { quadrants } from './quadrants.ts';

/** `(sin x - x) / x³`, `(cos x - 1 + x²/2) / x⁴` and `(tan x - x) / x³` by powers of x², for |x| ≤ π/4. */
const SIN = [-0.16666655, 0.008332187, -0.00019517909];
const COS = [0.041666646, -0.001388731, 2.4432336e-5];
const TAN = [0.3333335, 0.13332672, 0.05405943, 0.02128295, 0.010836962, 8.512514e-5, 0.004379599];

/** Below, sin x and tan x round to x or next to it. */
const TINY = 2 ** -13;

export function sin<V>(v: VectorMath<V>, x: V): V {
  const { quadrant, angle } = quadrants(v, x);
  return v.select(isTiny(v, x), x, sinOfQuadrant(v, quadrant, angle));
}

export function cos<V>(v: VectorMath<V>, x: V): V {
  const { quadrant, angle } = quadrants(v, x);
  return sinOfQuadrant(v, v.share(v.addIntegers(quadrant, v.integerConstant(1))), angle);
}

export function tan<V>(v: VectorMath<V>, x: V): V {
  const { quadrant, angle } = quadrants(v, x);
  const square = v.share(v.multiply(angle.high, angle.high));
  const corrected = v.multiplyAdd(angle.low, square, angle.low);
  const cubic = v.multiplyAdd(v.multiply(angle.high, square), polynomial(v, square, TAN), corrected);
  const value = v.share(v.add(angle.high, cubic));
  const turned = v.select(bit(v, quadrant, 0), v.divide(v.constant(-1), value), value);
  return v.select(isTiny(v, x), x, turned);
}

function isTiny<V>(v: VectorMath<V>, x: V): V {
  return v.less(v.absolute(x), v.constant(TINY));
}

/** sin(quadrant × π/2 + angle) */
function sinOfQuadrant<V>(v: VectorMath<V>, quadrant: V, { high, low }: DoubleFloat<V>): V {
  const square = v.share(v.multiply(high, high));
  const sine = v.add(high, v.multiplyAdd(v.multiply(high, square), polynomial(v, square, SIN), low));
  const quartic = v.multiply(v.multiply(square, square), polynomial(v, square, COS));
  const rest = v.subtract(quartic, v.multiply(high, low));
  const cosine = v.subtract(v.constant(1), v.subtract(v.multiply(square, v.constant(0.5)), rest));
  const value = v.share(v.select(bit(v, quadrant, 0), cosine, sine));
  return v.select(bit(v, quadrant, 1), v.negate(value), value);
}

/** Whether a bit of an integer is set. */
function bit<V>(v: VectorMath<V>, integer: V, position: number): V {
  return v.shiftRight(v.shiftLeft(integer, 31 - position), 31);
}
