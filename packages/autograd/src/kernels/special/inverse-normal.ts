import type { ScalarMath } from '../scalar-math.ts';
import { rational } from './polynomial.ts';

// M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (1988) 477-484.

/** The slope at one half, and the rational function R of AS 241 as `R(r) = SLOPE + (0.180625 - r) CENTRE(r)`. */
const SLOPE = 2.5066282746310007;
const CENTRE = {
  above: [
    4.87476594139995, 176.90044402900753, 2358.3059454499726, 14221.483431164575, 38579.049157932095,
    40495.706885421416, 10591.79991446788,
  ],
  below: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
};
const TAIL = {
  above: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  below: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};
const FAR_TAIL = {
  above: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  below: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};

/** The argument at which the error function has the value x. */
export function inverseErrorFunction<T>(m: ScalarMath<T>, x: T): T {
  const half = m.constant(0.5);
  const tail = m.mul(half, m.sub(m.constant(1), m.abs(x)));
  return m.mul(percentagePoint(m, m.share(m.mul(half, x)), m.share(tail)), m.constant(Math.SQRT1_2));
}

/** The argument at which the distribution function of the normal distribution has the value p. */
export function inverseNormalDistribution<T>(m: ScalarMath<T>, p: T): T {
  const tail = m.minimum(p, m.sub(m.constant(1), p));
  return percentagePoint(m, m.share(m.sub(p, m.constant(0.5))), m.share(tail));
}

/** From the probability's distance to one half, and the smaller of it and its complement. */
function percentagePoint<T>(m: ScalarMath<T>, distance: T, tail: T): T {
  // Most of the value is the slope's, which has one rounding: of the rational function's many, only a part is left.
  const square = m.share(m.mul(distance, distance));
  const curved = m.mul(square, rational(m, m.share(m.sub(m.constant(0.180625), square)), CENTRE));
  const centre = m.mul(distance, m.add(m.constant(SLOPE), curved));
  const r = m.share(m.sqrt(m.neg(m.log(tail))));
  const near = rational(m, m.share(m.sub(r, m.constant(1.6))), TAIL);
  const far = rational(m, m.share(m.sub(r, m.constant(5))), FAR_TAIL);
  const beyond = m.select(m.lessEqual(r, m.constant(5)), near, far);
  const magnitude = m.share(m.select(m.equal(tail, m.constant(0)), m.constant(Infinity), beyond));
  const signed = m.select(m.less(distance, m.constant(0)), m.neg(magnitude), magnitude);
  return m.select(m.lessEqual(m.abs(distance), m.constant(0.425)), centre, signed);
}
