import type { VectorMath } from '../vector-math.ts';
import { isNaNMask, isSigned, powerOfTwo, signBit } from './bits.ts';
import { type DoubleFloat, orderedSum, productOf, sumOf, twoProduct, twoSum } from './double-float.ts';
import { splitFloat } from './logarithm.ts';
import { polynomial } from './polynomial.ts';

/** `2/ln 2`, a third of it, and `2/ln 2 × (atanh(s)/s - 1 - s²/3) / s⁴` by powers of s². */
const TWO_OVER_LN2 = { high: 2.885390043258667, low: 3.85192598225e-8 };
const THIRD = { high: 0.9617967009544373, low: -7.02846165095e-9 };
const ATANH = [0.57708025, 0.41184428, 0.3379475];
/** `(2ʳ - 1) / r` by powers of r, for |r| ≤ ½. */
const EXP2 = [Math.LN2, 0.24022648, 0.055503596, 0.009618505, 0.0013391024, 0.00015327173];

/** With a larger exponent the power of any float other than ±1 is 0 or infinite. */
const LARGEST_EXPONENT = 2 ** 33;
/** 2 to a larger one is infinite, and 2 to its negative 0. */
const LARGEST_LOGARITHM = 160;

/** As C has it: `pow(1, anything)`, `pow(anything, 0)` and `pow(-1, ±∞)` are 1. */
export function pow<V>(v: VectorMath<V>, x: V, y: V): V {
  const magnitude = v.share(v.absolute(x));
  const [zero, one, nan] = [v.constant(0), v.constant(1), v.constant(Number.NaN)];
  const isExtreme = v.share(v.or(v.equal(magnitude, zero), v.equal(magnitude, v.constant(Infinity))));
  const ofExtreme = v.select(v.less(y, zero), v.divide(one, magnitude), magnitude);
  const ofMagnitude = v.select(isExtreme, ofExtreme, powerOfPositive(v, magnitude, y));

  const isWhole = v.equal(v.truncate(y), y);
  const half = v.share(v.multiply(y, v.constant(0.5)));
  const isOdd = v.and(isWhole, v.not(v.equal(v.truncate(half), half)));
  const signed = v.or(ofMagnitude, v.and(isOdd, signBit(v, x)));
  const hasValue = v.or(v.not(isSigned(v, x)), v.or(isExtreme, isWhole));
  const isUndefined = v.or(v.or(isNaNMask(v, x), isNaNMask(v, y)), v.not(hasValue));
  return v.select(v.or(v.equal(y, zero), v.equal(x, one)), one, v.select(isUndefined, nan, signed));
}

/** 2 to the y log2 x, for positive and finite x. */
function powerOfPositive<V>(v: VectorMath<V>, x: V, y: V): V {
  const bound = v.constant(LARGEST_EXPONENT);
  const exponent = v.share(v.maximum(v.minimum(y, bound), v.negate(bound)));
  const logarithm = preciseLog2(v, x);
  const { high, low } = twoProduct(v, exponent, logarithm.high);
  const rest = v.multiplyAdd(exponent, logarithm.low, low);
  const isBounded = v.lessEqual(v.absolute(high), v.constant(LARGEST_LOGARITHM));
  const limit = v.constant(LARGEST_LOGARITHM);
  return exp2(v, {
    high: v.share(v.maximum(v.minimum(high, limit), v.negate(limit))),
    low: v.and(isBounded, rest),
  });
}

/** The binary logarithm of a positive and finite number, to about 2⁻⁴⁰ of itself. */
function preciseLog2<V>(v: VectorMath<V>, x: V): DoubleFloat<V> {
  const { exponent, fraction } = splitFloat(v, x);
  const s = quotient(v, fraction, twoSum(v, v.constant(2), fraction));
  const square = productOf(v, s, s);
  const tail = v.share(v.multiply(square.high, polynomial(v, square.high, ATANH)));
  const third = plusSmall(v, THIRD, { high: tail, low: v.constant(0) });
  const factor = plusSmall(v, TWO_OVER_LN2, productOf(v, square, third));
  return sumOf(v, { high: exponent, low: v.constant(0) }, productOf(v, s, factor));
}

function plusSmall<V>(v: VectorMath<V>, constant: DoubleFloat<number>, small: DoubleFloat<V>): DoubleFloat<V> {
  const larger = { high: v.constant(constant.high), low: v.constant(constant.low) };
  return sumOf(v, larger, small);
}

function quotient<V>(v: VectorMath<V>, a: V, b: DoubleFloat<V>): DoubleFloat<V> {
  const high = v.share(v.divide(a, b.high));
  const product = twoProduct(v, high, b.high);
  const rest = v.subtract(v.subtract(v.subtract(a, product.high), product.low), v.multiply(high, b.low));
  return orderedSum(v, high, v.share(v.divide(rest, b.high)));
}

/** 2 to the x, for |x| ≤ 160. */
function exp2<V>(v: VectorMath<V>, { high, low }: DoubleFloat<V>): V {
  const whole = v.share(v.nearest(high));
  const rest = v.share(v.add(v.subtract(high, whole), low));
  const mantissa = v.multiplyAdd(polynomial(v, rest, EXP2), rest, v.constant(1));
  const half = v.share(v.floor(v.multiply(whole, v.constant(0.5))));
  const scaled = v.multiply(mantissa, powerOfTwo(v, half));
  return v.multiply(scaled, powerOfTwo(v, v.subtract(whole, half)));
}
