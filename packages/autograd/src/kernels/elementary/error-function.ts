import type { VectorMath } from '../vector-math.ts';
import { withSignOf } from './bits.ts';
import { roughExp } from './exp.ts';
import { polynomial } from './polynomial.ts';

/** `erf(x) / x - 1` by powers of x², and `log(1 - erf(x)) / x` by powers of x; after N. Juffa. */
const NEAR = [1.28379166e-1, -3.76125336e-1, 1.12819925e-1, -2.67681349e-2, 4.99119423e-3, -5.96761703e-4];
const FAR = [-1.128717512, -6.34846687e-1, -1.06777877e-1, 2.42546219e-2, -3.88396438e-3, 3.83197126e-4, -1.7285347e-5];
const BORDER = 0.927734375;
/** From here on erf is 1. */
const SATURATION = 4;

export function erf<V>(v: VectorMath<V>, x: V): V {
  const square = v.share(v.multiply(x, x));
  const near = v.multiplyAdd(polynomial(v, square, NEAR), x, x);
  const magnitude = v.share(v.absolute(x));
  const bounded = v.share(v.minimum(magnitude, v.constant(SATURATION)));
  const logarithm = v.share(v.multiply(polynomial(v, bounded, FAR), bounded));
  const far = v.subtract(v.constant(1), roughExp(v, logarithm));
  return v.select(v.less(v.constant(BORDER), magnitude), withSignOf(v, far, x), near);
}
