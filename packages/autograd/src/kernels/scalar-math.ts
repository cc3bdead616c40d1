/**
 * The algebra in which a formula of single numbers is written once. Its interpreters: numbers (`numbers.ts`), the source
 * of an eager loop (`javascript.ts`), LaTeX (`latex/`), and the vectors of WebAssembly and C
 * (`elementary/`). Conditions are 1 or 0.
 */
export interface ScalarMath<T> {
  constant(value: number): T;
  /** A value that is used more than once: an interpreter that writes code gives it a name. */
  share(a: T): T;

  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
  neg(a: T): T;
  pow(a: T, b: T): T;
  /** The remainder of `a / b` rounded towards zero, with the sign of `a`. */
  fmod(a: T, b: T): T;
  atan2(a: T, b: T): T;

  abs(a: T): T;
  sign(a: T): T;
  floor(a: T): T;
  ceil(a: T): T;
  trunc(a: T): T;
  /** To the nearest whole number, halves to the even one. */
  round(a: T): T;

  sqrt(a: T): T;
  exp(a: T): T;
  expm1(a: T): T;
  log(a: T): T;
  log1p(a: T): T;
  log2(a: T): T;
  log10(a: T): T;
  sin(a: T): T;
  cos(a: T): T;
  tan(a: T): T;
  asin(a: T): T;
  acos(a: T): T;
  atan(a: T): T;
  sinh(a: T): T;
  cosh(a: T): T;
  tanh(a: T): T;
  asinh(a: T): T;
  acosh(a: T): T;
  atanh(a: T): T;
  erf(a: T): T;
  /** The logistic function, `1 / (1 + e⁻ᵃ)`. */
  sigmoid(a: T): T;

  /** The larger; NaN where either is. */
  maximum(a: T, b: T): T;
  minimum(a: T, b: T): T;
  less(a: T, b: T): T;
  lessEqual(a: T, b: T): T;
  equal(a: T, b: T): T;
  not(a: T): T;
  and(a: T, b: T): T;
  or(a: T, b: T): T;
  select(condition: T, a: T, b: T): T;
}

/** A formula of `arity` numbers. */
export type Formula = <T>(m: ScalarMath<T>, ...x: T[]) => T;
