import type { ScalarMath } from '../scalar-math.ts';
import { sineOfHalfTurns } from './half-turns.ts';
import { polynomial, rational } from './polynomial.ts';
import { STIRLING_FROM, shiftTowardsOne } from './recurrence.ts';

/** `log Γ(1 + t) / (t (t - 1))` for t from 0 to 1: a rational minimax fit, to 1e-20. */
const BETWEEN_ONE_AND_TWO = {
  above: [
    0.5772156649015329, 1.6974398830425899, 1.9083711804129166, 1.0262503979271718, 0.26949967295023824,
    0.03127945882722073, 0.0011850962256357662, 3.34078616624977e-6,
  ],
  below: [
    1, 3.3656246177874842, 4.4668935976200075, 2.9690381272049517, 1.0371392809447488, 0.1825533787368721,
    0.014023218527602679, 0.00032119535798932284,
  ],
};
/** The series of Stirling: `B₂ₖ / (2k (2k - 1))` by powers of 1/x². */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
const HALF_LOG_TWO_PI = 0.9189385332046728;

/**
 * `log |Γ(x)|`. Of positive numbers to some units in the last place, its zeros 1 and 2 included; between negative whole
 * numbers, where zeros lie, to a few roundings of the terms that cancel there.
 */
export function logGamma<T>(m: ScalarMath<T>, x: T): T {
  const zero = m.constant(0);
  const magnitude = m.share(m.abs(x));
  const ofMagnitude = m.share(ofPositive(m, magnitude));
  const fromWhole = m.share(m.sub(x, m.round(x)));
  // Γ(x) Γ(-x) = -π / (x sin πx)
  const sine = m.log(m.abs(sineOfHalfTurns(m, fromWhole)));
  const reflected = m.sub(m.sub(m.constant(Math.log(Math.PI)), sine), m.add(m.log(magnitude), ofMagnitude));
  const infinite = m.or(m.equal(fromWhole, zero), m.equal(magnitude, m.constant(Infinity)));
  return m.select(m.less(x, zero), m.select(infinite, m.constant(Infinity), reflected), ofMagnitude);
}

function ofPositive<T>(m: ScalarMath<T>, x: T): T {
  const [one, half] = [m.constant(1), m.constant(0.5)];
  const { t, product } = shiftTowardsOne(m, x);
  const near = m.mul(m.mul(t, m.sub(t, one)), rational(m, t, BETWEEN_ONE_AND_TWO));
  const small = m.add(near, m.select(m.less(x, one), m.neg(m.log(x)), m.log1p(product)));
  const inverse = m.share(m.div(one, x));
  const series = m.mul(inverse, polynomial(m, m.share(m.mul(inverse, inverse)), STIRLING));
  const leading = m.mul(m.sub(x, half), m.sub(m.log(x), one));
  const large = m.add(leading, m.add(series, m.constant(HALF_LOG_TWO_PI - 0.5)));
  return m.select(m.less(x, m.constant(STIRLING_FROM)), small, large);
}
