/**
 * Logarithm, cosine and sine out of `+ - * /` alone. Those are rounded alike everywhere, while `Math.log` and `Math.cos`
 * may differ in their last bit from engine to engine: normal numbers made of them would not be the same everywhere.
 * A compiled kernel gives the same bits when it computes in float64 without contracting `a * b + c` into one rounding.
 */

const bits = new DataView(new ArrayBuffer(8));

/** The upper half of the bits of sqrt(1/2), and the place of the exponent in it. */
const UPPER_SQRT_HALF = 0x3fe6a09e;
const EXPONENT_SHIFT = 20;

/**
 * Natural logarithm of a positive normal float64, to within 2 units in the last place.
 *
 * With x = 2^e m and m between sqrt(1/2) and sqrt(2): log x = e log 2 + 2 artanh(s), s = (m - 1) / (m + 1). As |s| < 0.172,
 * ten terms of artanh s = s + s^3/3 + s^5/5 + … leave out less than 2^-54 of the sum.
 */
export function portableLog(x: number): number {
  bits.setFloat64(0, x);
  const upper = bits.getInt32(0);
  const exponent = (upper - UPPER_SQRT_HALF) >> EXPONENT_SHIFT;
  bits.setInt32(0, upper - (exponent << EXPONENT_SHIFT));
  const m = bits.getFloat64(0);
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let series = 1 / 17 + q * (1 / 19);
  series = 1 / 13 + q * (1 / 15 + q * series);
  series = 1 / 9 + q * (1 / 11 + q * series);
  series = 1 / 5 + q * (1 / 7 + q * series);
  return exponent * Math.LN2 + 2 * (s + s * q * (1 / 3 + q * series));
}

const COSINE_OF_QUARTERS = [1, 0, -1, 0, 1];
const SINE_OF_QUARTERS = [0, 1, 0, -1, 0];

/**
 * Writes cosine and sine of an angle given in turns (1 is the full circle, 2 pi), from 0 to 1, to within 2^-52.
 *
 * The nearest quarter turn is taken off, which is exact, and put back by the addition theorem. The rest is an angle of at
 * most pi/4, for which Taylor's series up to x^16 (cosine) and x^15 (sine) leave out less than 2^-53.
 */
export function portableCosSin(turns: number, out: Float64Array): void {
  const quarters = Math.floor(4 * turns + 0.5);
  const x = (turns - quarters / 4) * (2 * Math.PI);
  const q = x * x;
  let cosine = 1 / 479001600 - q * (1 / 87178291200 - q * (1 / 20922789888000));
  cosine = 1 / 24 - q * (1 / 720 - q * (1 / 40320 - q * (1 / 3628800 - q * cosine)));
  cosine = 1 - q * (1 / 2 - q * cosine);
  let sine = 1 / 39916800 - q * (1 / 6227020800 - q * (1 / 1307674368000));
  sine = 1 / 6 - q * (1 / 120 - q * (1 / 5040 - q * (1 / 362880 - q * sine)));
  sine = x - x * q * sine;
  out[0] = cosine * COSINE_OF_QUARTERS[quarters] - sine * SINE_OF_QUARTERS[quarters];
  out[1] = sine * COSINE_OF_QUARTERS[quarters] + cosine * SINE_OF_QUARTERS[quarters];
}
