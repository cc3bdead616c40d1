import type { VectorMath } from '../vector-math.ts';

const TURN = 2 ** 32;

/**
 * Numbers as an int32 holds them: rounded towards zero, modulo 2³²; 0 for what is not finite. Nothing else is rounded.
 * Source: ECMAScript, "ToInt32".
 */
export function toInt32<V>(v: VectorMath<V>, x: V): V {
  const whole = v.share(v.truncate(x));
  const turns = v.truncate(v.multiply(whole, v.constant(1 / TURN)));
  const rest = v.share(v.subtract(whole, v.multiply(turns, v.constant(TURN))));
  const half = v.constant(TURN / 2);
  const above = v.and(v.lessEqual(half, rest), v.constant(-TURN));
  const below = v.and(v.less(rest, v.negate(half)), v.constant(TURN));
  return v.and(v.equal(rest, rest), v.add(rest, v.or(above, below)));
}
