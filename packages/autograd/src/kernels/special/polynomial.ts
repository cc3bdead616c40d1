import type { ScalarMath } from '../scalar-math.ts';

/** `c₀ + c₁ x + c₂ x² + …` by Horner's rule. */
export function polynomial<T>(m: ScalarMath<T>, x: T, coefficients: readonly number[]): T {
  const [highest, ...others] = coefficients.map((coefficient) => m.constant(coefficient)).reverse();
  return others.reduce((sum, coefficient) => m.add(m.mul(sum, x), coefficient), highest as T);
}

/** A polynomial divided by another: their coefficients, the lowest first. */
export interface Rational {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

export function rational<T>(m: ScalarMath<T>, x: T, { above, below }: Rational): T {
  return m.div(polynomial(m, x, above), polynomial(m, x, below));
}

/**
 * `c₀/2 + c₁ T₁(x) + c₂ T₂(x) + …` in the polynomials of Chebyshev, for |x| ≤ 1. C. W. Clenshaw, "A note on the summation
 * of Chebyshev series", Mathematics of Computation 9 (1955) 118-120.
 */
export function chebyshevSeries<T>(m: ScalarMath<T>, x: T, coefficients: readonly number[]): T {
  const doubled = m.share(m.add(x, x));
  let [last, beforeLast] = [m.constant(0), m.constant(0)];
  for (const coefficient of coefficients.slice(1).reverse()) {
    const next = m.add(m.sub(m.mul(doubled, last), beforeLast), m.constant(coefficient));
    [last, beforeLast] = [m.share(next), last];
  }
  return m.add(m.sub(m.mul(x, last), beforeLast), m.constant((coefficients[0] as number) / 2));
}
