/**
 * Philox4x32-10: a random function rather than a sequence. It maps a counter of 128 bits, under a key of 64 bits, to
 * four random words of 32 bits, so any place of a stream can be computed without what comes before it.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
 */

/** Four unsigned words of 32 bits, the lowest first. */
export type PhiloxCounter = readonly [number, number, number, number];

/** Two unsigned words of 32 bits, the lower first. */
export type PhiloxKey = readonly [number, number];

/** A block is what one counter gives: four words of 32 bits. */
export const WORDS_PER_BLOCK = 4;

const ROUNDS = 10;

// The paper's multipliers in halves of 16 bits: JavaScript has no product of 64 bits, and this is its fastest substitute.
const FIRST_LOW = 0x1f53;
const FIRST_HIGH = 0xd251;
const SECOND_LOW = 0x8d57;
const SECOND_HIGH = 0xcd9e;

// The key's step from round to round: the golden ratio and the square root of 3, less 1, as fractions of 2^32.
const FIRST_KEY_STEP = 0x9e3779b9;
const SECOND_KEY_STEP = 0xbb67ae85;

/**
 * Fills `words` with the blocks of `counter`, `counter + 1`, …, four words each; the two low words of the counter count
 * as one number of 64 bits. The length of `words` is a multiple of 4.
 *
 * Written as one loop over 32-bit integers: called a round or a block at a time it would be several times slower.
 */
export function philox(words: Uint32Array, counter: PhiloxCounter, key: PhiloxKey): void {
  let low = counter[0] | 0;
  let high = counter[1] | 0;
  for (let at = 0; at < words.length; at += WORDS_PER_BLOCK) {
    let c0 = low;
    let c1 = high;
    let c2 = counter[2] | 0;
    let c3 = counter[3] | 0;
    let k0 = key[0] | 0;
    let k1 = key[1] | 0;
    for (let round = 0; round < ROUNDS; round++) {
      const first = Math.imul(c0, (FIRST_HIGH << 16) | FIRST_LOW);
      const second = Math.imul(c2, (SECOND_HIGH << 16) | SECOND_LOW);
      const high0 = highProduct(c0, FIRST_LOW, FIRST_HIGH);
      const high2 = highProduct(c2, SECOND_LOW, SECOND_HIGH);
      c0 = high2 ^ c1 ^ k0;
      c1 = second;
      c2 = high0 ^ c3 ^ k1;
      c3 = first;
      k0 = (k0 + FIRST_KEY_STEP) | 0;
      k1 = (k1 + SECOND_KEY_STEP) | 0;
    }
    words[at] = c0;
    words[at + 1] = c1;
    words[at + 2] = c2;
    words[at + 3] = c3;
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;
  }
}

/** The upper 32 of the 64 bits of an unsigned word times another, given in halves; no intermediate exceeds 32 bits. */
function highProduct(word: number, low: number, high: number): number {
  const wordLow = word & 0xffff;
  const wordHigh = word >>> 16;
  const middle = (Math.imul(wordHigh, low) + (Math.imul(wordLow, low) >>> 16)) | 0;
  const carry = (Math.imul(wordLow, high) + (middle & 0xffff)) | 0;
  return (Math.imul(wordHigh, high) + (middle >>> 16) + (carry >>> 16)) | 0;
}
