// W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23 (1969) 631-637.

const NEAR_P = [
  3.1611237438705656, 113.864154151050156, 377.485237685302021, 3209.37758913846947, 0.185777706184603153,
];
const NEAR_Q = [23.6012909523441209, 244.024637934444173, 1282.61652607737228, 2844.23683343917062];
const MIDDLE_P = [
  0.564188496988670089, 8.88314979438837594, 66.1191906371416295, 298.635138197400131, 881.95222124176909,
  1712.04761263407058, 2051.07837782607147, 1230.33935479799725, 2.15311535474403846e-8,
];
const MIDDLE_Q = [
  15.7449261107098347, 117.693950891312499, 537.181101862009858, 1621.38957456669019, 3290.79923573345963,
  4362.61909014324716, 3439.36767414372164, 1230.33935480374942,
];
const FAR_P = [
  0.305326634961232344, 0.360344899949804439, 0.125781726111229246, 0.0160837851487422766, 6.58749161529837803e-4,
  0.0163153871373020978,
];
const FAR_Q = [
  2.56852019228982242, 1.87295284992346725, 0.527905102951428412, 0.0605183413124413191, 0.00233520497626869185,
];
const INVERSE_SQRT_PI = 0.56418958354775628695;

/** A ratio of polynomials as Cody lays its coefficients out: the leading one of `p` last, that of `q` being 1. */
function ratio(p: readonly number[], q: readonly number[], x: number): number {
  let above = (p[p.length - 1] as number) * x;
  let below = x;
  for (let i = 0; i < q.length - 1; i++) {
    above = (above + (p[i] as number)) * x;
    below = (below + (q[i] as number)) * x;
  }
  return (above + (p[q.length - 1] as number)) / (below + (q[q.length - 1] as number));
}

/** `1 - erf(y)` for y > 0.46875. */
function complement(y: number): number {
  const factor =
    y <= 4 ? ratio(MIDDLE_P, MIDDLE_Q, y) : (INVERSE_SQRT_PI - ratio(FAR_P, FAR_Q, 1 / (y * y)) / (y * y)) / y;
  // exp(-y²) with y split, so that the rounding of y² does not grow in the exponent.
  const coarse = Math.trunc(y * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(y - coarse) * (y + coarse)) * factor;
}

/** The error function, `2/√π ∫₀ˣ exp(-t²) dt`, to some 2 units in the last place of float64. */
export function erf(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return x * ratio(NEAR_P, NEAR_Q, x * x);
  if (y > 6) return Math.sign(x);
  const value = 1 - complement(y);
  return x < 0 ? -value : value;
}
