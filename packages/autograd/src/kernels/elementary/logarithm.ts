import { smallestNormal } from '../../core/dtype.ts';
import type { VectorMath } from '../vector-math.ts';
import { polynomial } from './polynomial.ts';

const SMALLEST_NORMAL = smallestNormal('float32');
const mantissaBits = 23;
/** The bits of √½: mantissas lie between it and √2. */
const ROOT_HALF_BITS = 0x3f3504f3;

/** ln 2 and log10 2 in two parts; products of the first with exponents are exact. */
const LN2 = { high: 0.69313812255859375, low: 9.058001445509e-6 };
const LOG10_2 = { high: 0.301025390625, low: 4.60503898119e-6 };

/** `log((1 + s) / (1 - s)) / s - 2` by powers of s²: those of FreeBSD's and musl's `logf`. */
const ATANH = [0.6666666269302368, 0.40000972151756287, 0.28498786687850952, 0.24279078841209412];

/** x = 2 to the exponent × (1 + fraction), 1 + fraction between √½ and √2; for positive and finite x. */
export function splitFloat<V>(v: VectorMath<V>, x: V): { exponent: V; fraction: V } {
  const isSubnormal = v.share(v.less(x, v.constant(SMALLEST_NORMAL)));
  const normal = v.select(isSubnormal, v.multiply(x, v.constant(2 ** mantissaBits)), x);
  const origin = v.integerConstant(ROOT_HALF_BITS);
  const distance = v.share(v.subtractIntegers(normal, origin));
  const exponent = v.fromIntegers(v.shiftRight(distance, mantissaBits));
  const mantissa = v.addIntegers(v.and(distance, v.integerConstant(2 ** mantissaBits - 1)), origin);
  return {
    exponent: v.share(v.add(exponent, v.and(isSubnormal, v.constant(-mantissaBits)))),
    fraction: v.share(v.subtract(mantissa, v.constant(1))),
  };
}

export function log<V>(v: VectorMath<V>, x: V): V {
  return atBorders(v, x, naturalLogarithm(v, x, v.constant(0), v.constant(0)));
}

export function log1p<V>(v: VectorMath<V>, x: V): V {
  const sum = v.share(v.add(x, v.constant(1)));
  const lost = v.subtract(x, v.subtract(sum, v.constant(1)));
  const value = naturalLogarithm(v, sum, v.divide(lost, sum), v.constant(0));
  return v.select(v.equal(x, v.constant(0)), x, atBorders(v, sum, value));
}

export function log2<V>(v: VectorMath<V>, x: V): V {
  const { exponent, fraction } = splitFloat(v, x);
  const { square, rest } = nearOne(v, fraction);
  const near = v.subtract(fraction, v.subtract(square, rest));
  return atBorders(v, x, v.multiplyAdd(near, v.constant(Math.LOG2E), exponent));
}

export function log10<V>(v: VectorMath<V>, x: V): V {
  const { exponent, fraction } = splitFloat(v, x);
  const { square, rest } = nearOne(v, fraction);
  const near = v.multiply(v.subtract(fraction, v.subtract(square, rest)), v.constant(Math.LOG10E));
  const lower = v.multiplyAdd(exponent, v.constant(LOG10_2.low), near);
  return atBorders(v, x, v.multiplyAdd(exponent, v.constant(LOG10_2.high), lower));
}

/** ln x + correction + exponents × ln 2, for positive and finite x and a small correction. */
export function naturalLogarithm<V>(v: VectorMath<V>, x: V, correction: V, exponents: V): V {
  const split = splitFloat(v, x);
  const exponent = v.share(v.add(split.exponent, exponents));
  const { square, rest } = nearOne(v, split.fraction);
  const small = v.add(v.multiplyAdd(exponent, v.constant(LN2.low), correction), rest);
  const nearOnes = v.subtract(split.fraction, v.subtract(square, small));
  return v.multiplyAdd(exponent, v.constant(LN2.high), nearOnes);
}

/** ln(1 + fraction) = fraction - square + rest. */
function nearOne<V>(v: VectorMath<V>, fraction: V): { square: V; rest: V } {
  const square = v.share(v.multiply(v.multiply(fraction, v.constant(0.5)), fraction));
  const s = v.share(v.divide(fraction, v.add(fraction, v.constant(2))));
  const s2 = v.share(v.multiply(s, s));
  return { square, rest: v.multiply(s, v.multiplyAdd(s2, polynomial(v, s2, ATANH), square)) };
}

/** The logarithm where it is no finite number: of 0, of negative numbers, of ∞ and NaN. */
function atBorders<V>(v: VectorMath<V>, x: V, value: V): V {
  const zero = v.constant(0);
  const belowInfinity = v.select(v.less(x, v.constant(Infinity)), value, x);
  const notPositive = v.select(v.equal(x, zero), v.constant(-Infinity), v.constant(Number.NaN));
  return v.select(v.less(zero, x), belowInfinity, notPositive);
}
