import type { VectorMath } from '../vector-math.ts';
import { upperHalf } from './bits.ts';

/**
 * A number as the unevaluated sum of two floats, the second at most half a unit in the last place of the first.
 * T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971).
 * All of it holds whether `multiplyAdd` rounds once or twice, because the products under it are exact.
 */
export interface DoubleFloat<V> {
  readonly high: V;
  readonly low: V;
}

/** The sum of two floats, exactly. */
export function twoSum<V>(v: VectorMath<V>, a: V, b: V): DoubleFloat<V> {
  const high = v.share(v.add(a, b));
  const partOfB = v.share(v.subtract(high, a));
  const low = v.add(v.subtract(a, v.subtract(high, partOfB)), v.subtract(b, partOfB));
  return { high, low: v.share(low) };
}

/** The same where |a| ≥ |b|. */
export function orderedSum<V>(v: VectorMath<V>, a: V, b: V): DoubleFloat<V> {
  const high = v.share(v.add(a, b));
  return { high, low: v.share(v.subtract(b, v.subtract(high, a))) };
}

/** The product of two floats, exactly (short of underflow). */
export function twoProduct<V>(v: VectorMath<V>, a: V, b: V): DoubleFloat<V> {
  const [aUpper, bUpper] = [v.share(upperHalf(v, a)), v.share(upperHalf(v, b))];
  const [aLower, bLower] = [v.share(v.subtract(a, aUpper)), v.share(v.subtract(b, bUpper))];
  const high = v.share(v.multiply(a, b));
  const upper = v.multiplyAdd(aUpper, bUpper, v.negate(high));
  const crossed = v.multiplyAdd(aLower, bUpper, v.multiplyAdd(aUpper, bLower, upper));
  return { high, low: v.share(v.multiplyAdd(aLower, bLower, crossed)) };
}

/** The product of two double floats, to about 2⁻⁴⁴. */
export function productOf<V>(v: VectorMath<V>, a: DoubleFloat<V>, b: DoubleFloat<V>): DoubleFloat<V> {
  const { high, low } = twoProduct(v, a.high, b.high);
  const crossed = v.multiplyAdd(a.high, b.low, v.multiplyAdd(a.low, b.high, low));
  return orderedSum(v, high, v.share(crossed));
}

/** The sum of a double float and a larger one. */
export function sumOf<V>(v: VectorMath<V>, larger: DoubleFloat<V>, smaller: DoubleFloat<V>): DoubleFloat<V> {
  const { high, low } = orderedSum(v, larger.high, smaller.high);
  return orderedSum(v, high, v.share(v.add(low, v.add(larger.low, smaller.low))));
}
