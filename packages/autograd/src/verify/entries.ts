import type { Domain } from '../tape/primitive.ts';

/** A stream of numbers from 0 up to but without 1 (a linear congruential generator: Numerical Recipes, section 7.1). */
export function uniform(seed: number): () => number {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  next();
  return next;
}

/** How far entries keep from the ends of a domain and from kinks: further than differences reach, from either side. */
const [FROM_ENDS, FROM_KINKS] = [0.02, 0.03];

/** The intervals of a domain that keep clear of its ends and kinks. */
function clearIntervals({ low, high, kinks = [] }: Domain): readonly (readonly [number, number])[] {
  const margin = Math.min(FROM_ENDS, (high - low) / 4);
  const bounds = [low + margin, ...kinks.flatMap((kink) => [kink - FROM_KINKS, kink + FROM_KINKS]), high - margin];
  return bounds.flatMap((bound, i) => (i % 2 === 0 ? [[bound, bounds[i + 1]] as const] : []));
}

/** A number of a domain, clear of its ends and kinks. */
export function clearIn(domain: Domain, random: number): number {
  const intervals = clearIntervals(domain);
  let rest = random * intervals.reduce((sum, [low, high]) => sum + high - low, 0);
  for (const [low, high] of intervals) {
    if (rest < high - low) return low + rest;
    rest -= high - low;
  }
  return intervals[0][0];
}

/** A multiple of 1/2 inside a domain, if there is one. */
export function halfIn({ low, high }: Domain, random: number): number {
  const first = Math.floor(2 * low) + 1;
  const count = Math.ceil(2 * high) - first;
  return count > 0 ? (first + Math.floor(random * count)) / 2 : low + (high - low) / 2;
}

/** Products of two of them do not overflow in float32: there an infinity would come up that float64 does not have. */
export const specials: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  2,
  -7,
  1e-40,
  1e15,
  Infinity,
  -Infinity,
  Number.NaN,
];

/** Entries that lie evenly over a domain but for a little, in random order, one by one. */
export function apartIn(domain: Domain, count: number, random: () => number): () => number {
  const first = 0.1 + 0.8 * random();
  const places = Array.from({ length: count }, (_, i) => (i + first + 0.2 * (random() - 0.5)) / count);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [places[i], places[other]] = [places[other], places[i]];
  }
  return () => clearIn(domain, places.pop() ?? 0);
}
