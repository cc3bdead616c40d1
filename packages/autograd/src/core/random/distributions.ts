import { portableCosSin, portableLog } from './portable-math.ts';

/*
 * From random words to random entries. Entry i of `out` depends on the words of its own place only, so that a stretch of
 * an array can be filled by itself. All arithmetic is in float64; float32 arrays round the result once, when it is stored.
 */

/** Words taken by an entry of a floating array: 24 random bits need one, 53 need two. */
export function wordsPerEntry(out: Float32Array | Float64Array): 1 | 2 {
  return out instanceof Float32Array ? 1 : 2;
}

/** 53 random bits of two words as a whole number below 2^53. */
function bits53(first: number, second: number): number {
  return (first >>> 5) * 2 ** 26 + (second >>> 6);
}

/**
 * Evenly distributed in [low, high): `low + (high - low) u`, where u is a multiple of 2^-24 (float32) or 2^-53 (float64)
 * in [0, 1). A result that rounds up to `high` counts as `low`, as if the interval were bent into a ring: then the ends
 * together get the share of one inner number. `low` and `high` are numbers of the dtype of `out`.
 */
export function writeUniform(out: Float32Array | Float64Array, words: Uint32Array, low: number, high: number): void {
  if (out instanceof Float32Array) {
    for (let i = 0; i < out.length; i++) {
      const value = Math.fround(low + (high - low) * ((words[i] >>> 8) * 2 ** -24));
      out[i] = value < high ? value : low;
    }
  } else {
    for (let i = 0; i < out.length; i++) {
      const value = low + (high - low) * (bits53(words[2 * i], words[2 * i + 1]) * 2 ** -53);
      out[i] = value < high ? value : low;
    }
  }
}

/**
 * Normally distributed: `mean + std z`. Box-Muller makes two z of two uniform numbers u in (0, 1] and t in [0, 1):
 *
 *     z of even places: sqrt(-2 log u) cos(2 pi t)
 *     z of odd places:  sqrt(-2 log u) sin(2 pi t)
 *
 * u and t are multiples of 2^-32 (float32) or 2^-53 (float64), so u is never 0, and |z| at most 6.66 or 8.57.
 *
 * Source: Box, Muller, "A note on the generation of random normal deviates", Annals of Mathematical Statistics 29 (1958).
 */
export function writeNormal(out: Float32Array | Float64Array, words: Uint32Array, mean: number, std: number): void {
  const single = out instanceof Float32Array;
  const direction = new Float64Array(2);
  for (let i = 0; i < out.length; i += 2) {
    const u = single ? (words[i] + 1) * 2 ** -32 : (bits53(words[2 * i], words[2 * i + 1]) + 1) * 2 ** -53;
    const t = single ? words[i + 1] * 2 ** -32 : bits53(words[2 * i + 2], words[2 * i + 3]) * 2 ** -53;
    const radius = Math.sqrt(-2 * portableLog(u));
    portableCosSin(t, direction);
    out[i] = mean + std * (radius * direction[0]);
    if (i + 1 < out.length) out[i + 1] = mean + std * (radius * direction[1]);
  }
}

/** 1 with this probability, rounded up to a multiple of 2^-32, else 0; one word an entry. */
export function writeBernoulli(out: Uint8Array, words: Uint32Array, probability: number): void {
  const bound = probability * 2 ** 32;
  for (let i = 0; i < out.length; i++) out[i] = words[i] < bound ? 1 : 0;
}
