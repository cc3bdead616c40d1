import type { VectorMath } from '../vector-math.ts';

/** A value that is used more than once: an engine that writes code computes it here, once. */
export function share<V>(v: VectorMath<V>, value: V): V {
  return v.keep(value).get();
}
