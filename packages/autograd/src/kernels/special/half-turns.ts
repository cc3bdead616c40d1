import type { ScalarMath } from '../scalar-math.ts';
import { polynomial } from './polynomial.ts';

// Taylor's series for angles of at most a quarter turn: no large angle has to be reduced, which takes most of a sine's code.

/** `sin(πr)/r` and `cos(πr)` by powers of r²: every second term `πⁿ/n!`, with signs in turn. */
const SINE = everySecondTerm(1);
const COSINE = everySecondTerm(0);

function everySecondTerm(first: 0 | 1): readonly number[] {
  let term = first === 0 ? 1 : Math.PI;
  return Array.from({ length: 12 }, (_, k) => {
    const n = 2 * k + first;
    const coefficient = term;
    term *= -(Math.PI ** 2) / ((n + 1) * (n + 2));
    return coefficient;
  });
}

/** `sin(πr)` for |r| ≤ ½. */
export function sineOfHalfTurns<T>(m: ScalarMath<T>, r: T): T {
  return m.mul(r, polynomial(m, m.share(m.mul(r, r)), SINE));
}

/** `cos(πr)` for |r| ≤ ½. */
export function cosineOfHalfTurns<T>(m: ScalarMath<T>, r: T): T {
  return polynomial(m, m.share(m.mul(r, r)), COSINE);
}
