import { allocate } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';

/**
 * Where each value of a line belongs among the numbers of the same line of `sorted`, which rise along the last dim: how
 * many of them are smaller or, from the right, not larger. NaN counts as the largest. One line may serve for all. dtype
 * int32.
 */
export function searchLines(sorted: Tensor, values: Tensor, right: boolean): Tensor {
  const out = allocate(values.shape, 'int32');
  const [lines, wanted] = [inReadingOrder(sorted), inReadingOrder(values)];
  const size = sorted.shape[sorted.rank - 1];
  const perLine = sorted.rank === 1 ? values.length : values.shape[values.rank - 1];
  for (let i = 0; i < values.length; i++) {
    const start = lines.offset + Math.floor(i / perLine) * size;
    out.storage[out.offset + i] = placeIn(lines.storage, start, size, wanted.storage[wanted.offset + i], right);
  }
  return out;
}

function placeIn(line: ArrayLike<number>, start: number, size: number, value: number, right: boolean): number {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = line[start + middle];
    if (right ? comesBefore(value, entry) : !comesBefore(entry, value)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether a number is smaller than another, NaN being the largest. */
function comesBefore(a: number, b: number): boolean {
  return Number.isNaN(b) ? !Number.isNaN(a) : a < b;
}
