import type { Rational } from './special/polynomial.ts';

// W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23 (1969) 631-637.

/** `erf(x) / x` by powers of x², for |x| ≤ {@link NEAR_UNTIL}. */
export const NEAR: Rational = {
  above: [3209.3775891384694, 377.485237685302, 113.86415415105016, 3.1611237438705655, 0.18577770618460315],
  below: [2844.236833439171, 1282.6165260773723, 244.02463793444417, 23.601290952344122, 1],
};
export const NEAR_UNTIL = 0.46875;
/** `exp(y²) (1 - erf(y))` by powers of y, for y from there to {@link MIDDLE_UNTIL}. */
export const MIDDLE: Rational = {
  above: [
    1230.3393547979972, 2051.0783778260716, 1712.0476126340707, 881.952221241769, 298.6351381974001, 66.11919063714163,
    8.883149794388377, 0.5641884969886701, 2.1531153547440383e-8,
  ],
  below: [
    1230.3393548037495, 3439.3676741437216, 4362.619090143247, 3290.7992357334597, 1621.3895745666903,
    537.1811018620099, 117.6939508913125, 15.744926110709835, 1,
  ],
};
export const MIDDLE_UNTIL = 4;
/** `y² (1/√π - y exp(y²) (1 - erf(y)))` by powers of 1/y², for greater y. */
export const FAR: Rational = {
  above: [
    0.0006587491615298378, 0.016083785148742275, 0.12578172611122926, 0.36034489994980445, 0.30532663496123236,
    0.016315387137302097,
  ],
  below: [0.0023352049762686918, 0.06051834131244132, 0.5279051029514285, 1.8729528499234673, 2.568520192289822, 1],
};
export const INVERSE_SQRT_PI = 0.5641895835477563;

// The formulas of `special/` say the same; erf has a place in every activation, and this is several times as fast.
function ratio({ above, below }: Rational, x: number): number {
  return horner(above, x) / horner(below, x);
}

function horner(coefficients: readonly number[], x: number): number {
  let sum = coefficients[coefficients.length - 1] as number;
  for (let i = coefficients.length - 2; i >= 0; i--) sum = sum * x + (coefficients[i] as number);
  return sum;
}

/** `1 - erf(y)` for y > 0.46875. */
function complement(y: number): number {
  const factor = y <= MIDDLE_UNTIL ? ratio(MIDDLE, y) : (INVERSE_SQRT_PI - ratio(FAR, 1 / (y * y)) / (y * y)) / y;
  // exp(-y²) with y split, so that the rounding of y² does not grow in the exponent.
  const coarse = Math.trunc(y * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(y - coarse) * (y + coarse)) * factor;
}

/** The error function, `2/√π ∫₀ˣ exp(-t²) dt`, to some 2 units in the last place of float64. */
export function erf(x: number): number {
  const y = Math.abs(x);
  if (y <= NEAR_UNTIL) return x * ratio(NEAR, x * x);
  if (y > 6) return Math.sign(x);
  const value = 1 - complement(y);
  return x < 0 ? -value : value;
}
