import type { VectorMath } from '../vector-math.ts';

/** ln 2 in two parts; the first has so few bits that its products with whole numbers are exact. */
const LN2_HIGH = 0.693115234375;
const LN2_LOW = 3.19461849453e-5;

/** Adding it rounds to whole numbers, which are then the lowest bits. */
const ROUNDER = 1.5 * 2 ** 23;
const exponentBias = 127;
const mantissaBits = 23;

/** The whole number n next to x / (unit × ln 2), and 2 to the n + raised: from -127, which gives 0, to 128, infinite. */
export function wholePowers<V>(v: VectorMath<V>, x: V, unit: number, raised = 0): { n: V; power: V } {
  const rounder = v.constant(ROUNDER + exponentBias + raised);
  const rounded = v.share(v.multiplyAdd(x, v.constant(Math.LOG2E / unit), rounder));
  return { n: v.share(v.subtract(rounded, rounder)), power: v.share(v.shiftLeft(rounded, mantissaBits)) };
}

/** x = n × unit × ln 2 + rest for a whole n; and 2 to the n + raised. */
export function reduce<V>(v: VectorMath<V>, x: V, unit: -1 | 1 | 2, raised = 0): { rest: V; power: V } {
  const { n, power } = wholePowers(v, x, unit, raised);
  const coarse = v.multiplyAdd(n, v.constant(-unit * LN2_HIGH), x);
  const rest = v.multiplyAdd(n, v.constant(-unit * LN2_LOW), coarse);
  return { rest: v.share(rest), power };
}
