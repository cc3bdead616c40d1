import { FAR, INVERSE_SQRT_PI, MIDDLE, MIDDLE_UNTIL, NEAR, NEAR_UNTIL } from '../error-function.ts';
import type { ScalarMath } from '../scalar-math.ts';
import { rational } from './polynomial.ts';

/** `1 - erf(x)`, to a few units in the last place also where it is tiny. */
export function complementaryErrorFunction<T>(m: ScalarMath<T>, x: T): T {
  const one = m.constant(1);
  const y = m.share(m.abs(x));
  const near = m.sub(one, m.mul(x, rational(m, m.share(m.mul(x, x)), NEAR)));
  const far = m.share(m.mul(bell(m, y, -1), scaledFar(m, y)));
  const beyond = m.select(m.less(x, m.constant(0)), m.sub(m.constant(2), far), far);
  return m.select(m.lessEqual(y, m.constant(NEAR_UNTIL)), near, beyond);
}

/** `exp(x²) (1 - erf(x))`, which neither overflows nor vanishes for large x. */
export function scaledComplementaryErrorFunction<T>(m: ScalarMath<T>, x: T): T {
  const y = m.share(m.abs(x));
  const square = m.share(m.mul(x, x));
  const near = m.mul(m.exp(square), m.sub(m.constant(1), m.mul(x, rational(m, square, NEAR))));
  const far = m.share(scaledFar(m, y));
  const growing = m.share(bell(m, y, 1));
  const beyond = m.select(m.less(x, m.constant(0)), m.sub(m.add(growing, growing), far), far);
  return m.select(m.lessEqual(y, m.constant(NEAR_UNTIL)), near, beyond);
}

/** `log Φ(x)` with the distribution function Φ of the normal distribution. */
export function logNormalDistribution<T>(m: ScalarMath<T>, x: T): T {
  const z = m.share(m.mul(x, m.constant(-Math.SQRT1_2)));
  const scaled = m.mul(m.constant(0.5), scaledComplementaryErrorFunction(m, z));
  const tail = m.sub(m.log(scaled), m.mul(z, z));
  const body = m.log1p(m.mul(m.constant(-0.5), complementaryErrorFunction(m, m.neg(z))));
  return m.select(m.less(x, m.constant(-1)), tail, body);
}

/** `exp(y²) (1 - erf(y))` for y > {@link NEAR_UNTIL}. */
function scaledFar<T>(m: ScalarMath<T>, y: T): T {
  const inverse = m.share(m.div(m.constant(1), m.mul(y, y)));
  const far = m.div(m.sub(m.constant(INVERSE_SQRT_PI), m.mul(rational(m, inverse, FAR), inverse)), y);
  return m.select(m.lessEqual(y, m.constant(MIDDLE_UNTIL)), rational(m, y, MIDDLE), far);
}

/** `exp(±y²)` with y split, so that the rounding of y² does not grow in the exponent. */
function bell<T>(m: ScalarMath<T>, y: T, sign: 1 | -1): T {
  const sixteen = m.constant(16);
  const coarse = m.share(m.div(m.trunc(m.mul(y, sixteen)), sixteen));
  const rest = m.mul(m.sub(y, coarse), m.add(y, coarse));
  const of = (exponent: T): T => m.exp(sign === 1 ? exponent : m.neg(exponent));
  const split = m.mul(of(m.mul(coarse, coarse)), of(rest));
  return m.select(m.less(y, m.constant(BELL_ENDS)), split, m.constant(sign === 1 ? Infinity : 0));
}

/** From here on exp(y²) is infinite and exp(-y²) is 0. */
const BELL_ENDS = 28;
