import { fail } from '../errors.ts';
import { wordsPerEntry, writeBernoulli, writeNormal, writeUniform } from './distributions.ts';
import { type PhiloxCounter, type PhiloxKey, philox, WORDS_PER_BLOCK } from './philox.ts';

/** Where a generator stands: plain numbers, to be kept as JSON beside a model so that a training run can be resumed. */
export interface GeneratorState {
  readonly seed: number;
  /** The counter of the first block of words that no call has taken. */
  readonly block: number;
}

/** Blocks are made this many at a time: enough to forget what a call costs, few enough for the words to stay in cache. */
const BLOCKS_AT_ONCE = 1024;

const TWO_32 = 2 ** 32;

/**
 * A stream of random numbers that a seed determines. It only counts: every call takes the next blocks of four words of
 * Philox4x32-10, as many as its array needs, and entry `i` of the array depends on the seed, the first of these blocks and
 * `i` alone. So it does not matter who computes the entries, in which order or on how many threads.
 *
 * The seed is the key, its lower 32 bits first; words 0 and 1 of the counter are the number of the block, word 2 the
 * attempt (above 0 only where whole numbers must be drawn again), word 3 is 0.
 *
 * @example
 * ```ts
 * import { Generator } from '@gradtape/autograd';
 *
 * const generator = new Generator(7);
 * const weights = generator.normal(new Float32Array(4), 0, 0.1);
 * const again = new Generator(7).normal(new Float32Array(4), 0, 0.1); // the same bits
 * ```
 */
export class Generator {
  #seed: number;
  #block: number;

  /** Throws unless the seed is a whole number from -(2^53 - 1) to 2^53 - 1. */
  constructor(seed: number) {
    checkSeed('Generator', seed);
    this.#seed = seed;
    this.#block = 0;
  }

  get seed(): number {
    return this.#seed;
  }

  /** The seed as Philox takes it; negative seeds in two's complement. */
  get key(): PhiloxKey {
    return [this.#seed >>> 0, Math.floor(this.#seed / TWO_32) >>> 0];
  }

  get state(): GeneratorState {
    return { seed: this.#seed, block: this.#block };
  }

  /** Continues where the generator stood that gave this state. */
  setState(state: GeneratorState): void {
    checkSeed('setState', state.seed);
    if (!Number.isSafeInteger(state.block) || state.block < 0) {
      fail('setState: not the state of a generator', {
        got: `block ${state.block}`,
        needs: 'a whole number from 0 to 2^53 - 1',
        fix: 'pass what generator.state gave, unchanged',
      });
    }
    this.#seed = state.seed;
    this.#block = state.block;
  }

  /** Starts the stream of another seed. Throws as the constructor does. */
  manualSeed(seed: number): this {
    checkSeed('manualSeed', seed);
    this.#seed = seed;
    this.#block = 0;
    return this;
  }

  /** A generator that gives the same numbers from here on. */
  clone(): Generator {
    const copy = new Generator(this.#seed);
    copy.#block = this.#block;
    return copy;
  }

  /** A generator of a stream of its own, for a part of a program that draws unknown amounts: its seed is drawn from this one. */
  split(): Generator {
    const words = this.#words(this.reserve(1), 0);
    return new Generator((words[0] >>> 11) * TWO_32 + words[1]);
  }

  /**
   * Takes the next blocks out of the stream, and returns the number of the first. For kernels that compute the words
   * themselves; all methods below take theirs in this way.
   */
  reserve(blocks: number): number {
    const first = this.#block;
    if (!Number.isSafeInteger(blocks) || blocks < 0 || !Number.isSafeInteger(first + blocks)) {
      fail('reserve: no such number of blocks in the stream', {
        got: `${blocks} blocks from block ${first} on`,
        needs: 'a whole number of blocks, the last of them below 2^53',
        fix: 'take the blocks that an array needs, or continue with generator.split()',
      });
    }
    this.#block += blocks;
    return first;
  }

  /**
   * Fills `out` with numbers evenly distributed in [low, high), of 24 (float32) or 53 (float64) random bits, and returns
   * it. The bounds are first rounded to the dtype of `out`; where they are equal, every entry is `low`.
   *
   * Throws unless low <= high, both and their difference finite.
   */
  uniform<Out extends Float32Array | Float64Array>(out: Out, low = 0, high = 1): Out {
    const [from, to] = out instanceof Float32Array ? [Math.fround(low), Math.fround(high)] : [low, high];
    if (!(from <= to) || !Number.isFinite(to - from)) {
      fail('uniform: not an interval', {
        got: `low ${low} and high ${high}`,
        needs: 'low <= high, both and high - low finite in the dtype asked for',
        fix: from > to ? 'swap the two' : 'name finite bounds',
      });
    }
    this.#fill(out.length, wordsPerEntry(out), (words, start, end) => {
      writeUniform(out.subarray(start, end), words, from, to);
    });
    return out;
  }

  /**
   * Fills `out` with normally distributed numbers (Box-Muller, see `writeNormal`), and returns it. The same bits on every
   * platform.
   *
   * Throws unless mean and std are finite and std >= 0.
   */
  normal<Out extends Float32Array | Float64Array>(out: Out, mean = 0, std = 1): Out {
    if (!Number.isFinite(mean) || !Number.isFinite(std) || std < 0) {
      fail('normal: no such distribution', {
        got: `mean ${mean} and std ${std}`,
        needs: 'finite numbers, std 0 or more',
        fix: 'std is the standard deviation: the square root of the variance, never negative',
      });
    }
    this.#fill(out.length, wordsPerEntry(out), (words, start, end) => {
      writeNormal(out.subarray(start, end), words, mean, std);
    });
    return out;
  }

  /**
   * Fills `out` with whole numbers from `low` to `high - 1`, each exactly as likely, and returns it.
   *
   * Throws unless both are whole numbers, -2^31 <= low < high <= 2^31.
   */
  integers(out: Int32Array, low: number, high: number): Int32Array {
    const whole = Number.isInteger(low) && Number.isInteger(high);
    if (!whole || low < -(2 ** 31) || high > 2 ** 31 || low >= high) {
      fail('integers: not a range of whole numbers', {
        got: `low ${low} and high ${high}`,
        needs: 'whole numbers with -2^31 <= low < high <= 2^31; high itself is never drawn',
        fix: low === high ? `to draw ${low} only, pass high ${low + 1}` : 'check the order and the size of the bounds',
      });
    }
    this.#fill(out.length, 1, (words, start, end, block) => {
      for (let i = start; i < end; i++) out[i] = low + this.#below(high - low, words[i - start], block, i);
    });
    return out;
  }

  /**
   * Fills `out` with ones at this probability (rounded up to a multiple of 2^-32) and zeros, and returns it.
   *
   * Throws unless 0 <= probability <= 1.
   */
  bernoulli(out: Uint8Array, probability: number): Uint8Array {
    if (!(probability >= 0 && probability <= 1)) {
      fail('bernoulli: not a probability', {
        got: `${probability}`,
        needs: 'a number from 0 to 1',
        fix: 'a share in percent is divided by 100 first',
      });
    }
    this.#fill(out.length, 1, (words, start, end) => {
      writeBernoulli(out.subarray(start, end), words, probability);
    });
    return out;
  }

  /**
   * The numbers 0 to n - 1 in random order, each order exactly as likely (Fisher-Yates, from the front).
   *
   * Throws unless n is a whole number from 0 to 2^31 - 1.
   */
  permutation(n: number): Int32Array {
    if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31) {
      fail('permutation: not a number of things', {
        got: `${n}`,
        needs: 'a whole number from 0 to 2^31 - 1',
        fix: 'pass how many there are, not the things themselves',
      });
    }
    const order = new Int32Array(n).map((_, i) => i);
    this.#fill(n, 1, (words, start, end, block) => {
      for (let i = start; i < end; i++) {
        const chosen = i + this.#below(n - i, words[i - start], block, i);
        const other = order[chosen];
        order[chosen] = order[i];
        order[i] = other;
      }
    });
    return order;
  }

  /** Reserves the words of an array and has the stretches of it written one after the other, from `start` to before `end`. */
  #fill(
    entries: number,
    wordsEach: 1 | 2,
    write: (words: Uint32Array, start: number, end: number, firstBlock: number) => void,
  ): void {
    const perBlock = WORDS_PER_BLOCK / wordsEach;
    const blocks = Math.ceil(entries / perBlock);
    const firstBlock = this.reserve(blocks);
    const words = new Uint32Array(WORDS_PER_BLOCK * Math.min(blocks, BLOCKS_AT_ONCE));
    const { key } = this;
    for (let block = 0; block < blocks; block += BLOCKS_AT_ONCE) {
      philox(words, counterOf(firstBlock + block, 0), key);
      write(words, block * perBlock, Math.min(entries, (block + BLOCKS_AT_ONCE) * perBlock), firstBlock);
    }
  }

  /** The four words of one block. */
  #words(block: number, attempt: number): Uint32Array {
    const words = new Uint32Array(WORDS_PER_BLOCK);
    philox(words, counterOf(block, attempt), this.key);
    return words;
  }

  /**
   * A whole number from 0 to range - 1 out of the word of entry `i`. The lowest words, 2^32 mod range of them, are
   * drawn again: what is left is a multiple of range, so every remainder is as likely.
   */
  #below(range: number, word: number, firstBlock: number, i: number): number {
    const rejected = (-range >>> 0) % range;
    let accepted = word;
    for (let attempt = 1; accepted < rejected; attempt++) {
      accepted = this.#words(firstBlock + Math.floor(i / WORDS_PER_BLOCK), attempt)[i % WORDS_PER_BLOCK];
    }
    return accepted % range;
  }
}

function counterOf(block: number, attempt: number): PhiloxCounter {
  return [block >>> 0, Math.floor(block / TWO_32), attempt, 0];
}

function checkSeed(operation: string, seed: number): void {
  if (Number.isSafeInteger(seed)) return;
  fail(`${operation}: not a seed`, {
    got: `${seed}`,
    needs: 'a whole number from -(2^53 - 1) to 2^53 - 1',
    fix: 'choose any, such as 0 or 42; the same seed gives the same numbers',
  });
}
