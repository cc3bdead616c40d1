import type { VectorMath } from '../vector-math.ts';

/** `c₀ + c₁ x + c₂ x² + …` by Horner's rule. The coefficients here are minimax fits, rounded to float32 one by one. */
export function polynomial<V>(v: VectorMath<V>, x: V, coefficients: readonly number[]): V {
  const [highest, ...others] = coefficients.map((coefficient) => v.constant(coefficient)).reverse();
  return others.reduce((sum, coefficient) => v.multiplyAdd(sum, x, coefficient), highest);
}

/** `x + x³ (c₀ + c₁ x² + …)`: an odd function near 0, where it is about x. */
export function oddPolynomial<V>(v: VectorMath<V>, x: V, square: V, coefficients: readonly number[]): V {
  return v.multiplyAdd(v.multiply(x, square), polynomial(v, square, coefficients), x);
}
