import type { DType } from '../core/dtype.ts';

const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;

/**
 * Sorts numbers by their bits, digit by digit from the lowest (Knuth, The Art of Computer Programming, volume 3, 5.2.5):
 * in time that grows with their number alone, where comparing takes a call for each pair.
 */
export class RadixSort {
  readonly #bytes: DataView;
  readonly #words: number;
  readonly #keys: Uint32Array[];
  #order: Int32Array;
  #next: Int32Array;
  readonly #isFloat: boolean;

  constructor(dtype: DType, size: number) {
    this.#isFloat = dtype === 'float32' || dtype === 'float64';
    this.#words = dtype === 'float64' ? 2 : 1;
    this.#bytes = new DataView(new ArrayBuffer(8));
    this.#keys = Array.from({ length: this.#words }, () => new Uint32Array(size));
    this.#order = new Int32Array(size);
    this.#next = new Int32Array(size);
  }

  /** The order in which numbers rise or fall, equal ones as they stand; NaN is the largest. Valid until the next call. */
  orderOf(numbers: ArrayLike<number>, descending: boolean): Int32Array {
    const { length } = this.#order;
    for (let i = 0; i < length; i++) {
      this.#setKey(i, numbers[i], descending ? 0xffffffff : 0);
      this.#order[i] = i;
    }
    for (const key of this.#keys) {
      for (let shift = 0; shift < 32; shift += DIGIT_BITS) this.#sortByDigit(key, shift);
    }
    return this.#order;
  }

  /** Bits that, read as whole numbers, rise as the number does; all turned round to fall. */
  #setKey(i: number, number: number, turned: number): void {
    const bytes = this.#bytes;
    const [low, high] = [this.#keys[0], this.#keys[this.#words - 1]];
    if (!this.#isFloat) {
      low[i] = number ^ 0x80000000 ^ turned;
      return;
    }
    // Zeros of both signs are equal, and so are all NaNs.
    if (this.#words === 1) bytes.setFloat32(4, number + 0);
    else bytes.setFloat64(0, number + 0);
    const top = this.#words === 1 ? bytes.getUint32(4) : bytes.getUint32(0);
    const flip = Number.isNaN(number) ? undefined : top >>> 31 === 1 ? 0xffffffff : 0;
    if (this.#words === 2) low[i] = (flip === undefined ? 0xffffffff : bytes.getUint32(4) ^ flip) ^ turned;
    high[i] = (flip === undefined ? 0xffffffff : top ^ (flip | 0x80000000)) ^ turned;
  }

  #sortByDigit(key: Uint32Array, shift: number): void {
    const [order, next] = [this.#order, this.#next];
    const starts = new Int32Array(BUCKETS);
    for (let i = 0; i < key.length; i++) starts[(key[i] >>> shift) & (BUCKETS - 1)]++;
    let before = 0;
    for (let digit = 0; digit < BUCKETS; digit++) {
      const count = starts[digit];
      starts[digit] = before;
      before += count;
    }
    for (let i = 0; i < order.length; i++) next[starts[(key[order[i]] >>> shift) & (BUCKETS - 1)]++] = order[i];
    this.#order = next;
    this.#next = order;
  }
}
