// W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23 (1969) 631-637.

const NEAR_P = [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315];
const NEAR_Q = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const MIDDLE_P = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
];
const MIDDLE_Q = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216, 1230.3393548037495,
];
const FAR_P = [
  0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
  0.016315387137302097,
];
const FAR_Q = [2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918];
const INVERSE_SQRT_PI = 0.5641895835477563;

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
