import type { VectorMath } from '../vector-math.ts';

const mantissaBits = 23;
const exponentBias = 127;

/** The sign bit of each lane, and nothing else. */
export function signBit<V>(v: VectorMath<V>, x: V): V {
  return v.and(x, v.constant(-0));
}

/** A magnitude with the sign of x. */
export function withSignOf<V>(v: VectorMath<V>, magnitude: V, x: V): V {
  return v.or(magnitude, signBit(v, x));
}

/** Whether the sign bit is set, -0 included. */
export function isSigned<V>(v: VectorMath<V>, x: V): V {
  return v.shiftRight(x, 31);
}

export function isNaNMask<V>(v: VectorMath<V>, x: V): V {
  return v.not(v.equal(x, x));
}

/** 2ⁿ for whole numbers n from -126 to 127. */
export function powerOfTwo<V>(v: VectorMath<V>, n: V): V {
  return v.shiftLeft(v.addIntegers(v.toIntegers(n), v.integerConstant(exponentBias)), mantissaBits);
}

/** The half of a number's bits that weigh most: products of two such halves are exact, and so is the rest of the number. */
export function upperHalf<V>(v: VectorMath<V>, x: V): V {
  return v.and(x, v.integerConstant(-(2 ** 12)));
}
