import type { ScalarMath } from '../scalar-math.ts';

/** From here on the asymptotic series of the gamma function and its derivatives are exact to float64. */
export const STIRLING_FROM = 8;

/** A number below {@link STIRLING_FROM} brought to 1 + t, 0 ≤ t < 1, by steps of one. */
export interface Shifted<T> {
  readonly t: T;
  /** The product of the numbers that lie whole steps below x, down to 1 + t, less one: `Γ(x) = Γ(1 + t) (1 + product)`. */
  readonly product: T;
  /** The sum of their reciprocals, as a numerator and a denominator; -1/x where x is less than one. */
  readonly sum: { readonly above: T; readonly below: T };
}

/** Steps down from x to 1 + t; where x is less than one, t is x itself: a step up. Nothing is lost to rounding in t. */
export function shiftTowardsOne<T>(m: ScalarMath<T>, x: T): Shifted<T> {
  const [zero, one, two] = [m.constant(0), m.constant(1), m.constant(2)];
  const isBelowOne = m.share(m.less(x, one));
  let z = x;
  let product = zero;
  let above = m.select(isBelowOne, m.constant(-1), zero);
  let below = m.select(isBelowOne, x, one);
  for (let step = 2; step < STIRLING_FROM; step++) {
    const goesDown = m.share(m.lessEqual(two, z));
    const next = m.share(m.sub(z, one));
    product = m.share(m.select(goesDown, m.add(m.mul(product, next), m.sub(z, two)), product));
    above = m.share(m.select(goesDown, m.add(m.mul(above, next), below), above));
    below = m.share(m.select(goesDown, m.mul(below, next), below));
    z = m.share(m.select(goesDown, next, z));
  }
  return { t: m.share(m.select(isBelowOne, x, m.sub(z, one))), product, sum: { above, below } };
}
