import { allocate } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';

/** How often each whole number from 0 occurs in a list. dtype int32. */
export function countNumbers(list: Tensor, minimumLength: number): Tensor {
  const { storage, offset, length } = inReadingOrder(list);
  let largest = -1;
  for (let i = offset; i < offset + length; i++) {
    if (storage[i] < 0) failOnNegative(storage[i]);
    largest = Math.max(largest, storage[i]);
  }
  const out = allocate([Math.max(minimumLength, largest + 1)], 'int32');
  for (let i = offset; i < offset + length; i++) out.storage[out.offset + storage[i]]++;
  return out;
}

function failOnNegative(entry: number): never {
  return fail('bincount: a negative number cannot be counted', {
    got: `${entry}`,
    needs: 'whole numbers from 0',
    fix: 'subtract the smallest one first: x.sub(x.amin())',
  });
}

/**
 * How many entries lie in each of `bins` intervals of equal width from `low` to `high`, which counts to the last; others
 * are left out. Where `low` equals `high`, from the smallest entry to the largest.
 */
export function countInBins(x: Tensor, bins: number, low: number, high: number): Tensor {
  const { storage, offset, length } = inReadingOrder(x);
  const [first, last] = low === high ? rangeOf(storage, offset, length, low) : [low, high];
  const out = allocate([bins], x.dtype);
  for (let i = offset; i < offset + length; i++) {
    const entry = storage[i];
    if (!(entry >= first && entry <= last)) continue;
    const bin = Math.trunc(((entry - first) * bins) / (last - first));
    out.storage[out.offset + Math.min(bin, bins - 1)]++;
  }
  return out;
}

/** From the smallest to the largest entry, or one to each side where they are equal. */
function rangeOf(storage: ArrayLike<number>, offset: number, length: number, fallback: number): [number, number] {
  let [low, high] = length === 0 ? [fallback, fallback] : [Infinity, -Infinity];
  for (let i = offset; i < offset + length; i++) [low, high] = [Math.min(low, storage[i]), Math.max(high, storage[i])];
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    fail('histc: the entries have no finite range', {
      got: `entries from ${low} to ${high}`,
      needs: 'finite entries, or a range',
      fix: 'histc(x, { bins: 100, min: -1, max: 1 }) leaves out what lies beyond',
    });
  }
  return low === high ? [low - 1, high + 1] : [low, high];
}
