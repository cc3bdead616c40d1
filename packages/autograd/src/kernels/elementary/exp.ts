import type { VectorMath } from '../vector-math.ts';
import { polynomial } from './polynomial.ts';
import { reduce } from './reduction.ts';

/**
 * Here each root is 0. Masks are made of huge negative numbers, and processors take a hundred times as long over products
 * that vanish.
 */
const LOWEST = -176;

/** `(exp(r) - 1 - r) / r²` for |r| ≤ ln 2; for |r| ≤ ln 2 / 2; the same, roughly; and weighted as a part of expm1. */
const WIDE = [0.50000036, 0.16666616, 0.0416612, 0.008335973, 0.001410549, 0.00019629089];
const NARROW = [0.49999994, 0.16666521, 0.04166829, 0.008368716, 0.0013819033];
const ROUGH = [0.49999225, 0.1666712, 0.041891158, 0.008312321];
const NEAR_ZERO = [0.49999997, 0.16666545, 0.041667446, 0.008366447, 0.0013869855];

/** e to the x, as mantissa × root × root: neither root overflows, and the product becomes subnormal in one rounding. */
export function exp<V>(v: VectorMath<V>, x: V): V {
  const clamped = v.share(v.minimum(v.maximum(x, v.constant(LOWEST)), v.constant(89)));
  const { rest, power } = reduce(v, clamped, 2);
  return v.multiply(v.multiply(polynomial(v, rest, [1, 1, ...WIDE]), power), power);
}

/** Half of e to the x for x ≥ 0, which is finite a little longer. */
export function halfExp<V>(v: VectorMath<V>, x: V): V {
  const { rest, power } = reduce(v, v.share(v.minimum(x, v.constant(89.5))), 1, -2);
  const quarter = v.multiply(polynomial(v, rest, [1, 1, ...NARROW]), power);
  return v.multiply(quarter, v.constant(2));
}

/** e to the x for |x| < 87, to some 2 units in the last place: where it is added to something larger. */
export function roughExp<V>(v: VectorMath<V>, x: V): V {
  const { rest, power } = reduce(v, x, 1);
  return v.multiply(polynomial(v, rest, [1, 1, ...ROUGH]), power);
}

export function expm1<V>(v: VectorMath<V>, x: V): V {
  const clamped = v.share(v.minimum(v.maximum(x, v.constant(-18)), v.constant(88.8)));
  const { rest, power } = reduce(v, clamped, 1, -1);
  const nearZero = v.multiplyAdd(v.multiply(rest, rest), polynomial(v, rest, NEAR_ZERO), rest);
  const half = v.multiplyAdd(power, nearZero, v.subtract(power, v.constant(0.5)));
  return v.select(v.equal(x, v.constant(0)), x, v.add(v.share(half), half));
}
