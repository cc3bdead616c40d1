import { allocate } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { visitOuter } from './iteration.ts';
import { keptShape, split } from './reduce.ts';
import { sortingOrder } from './sort.ts';

/** The lower median over dims, which keep size one; NaN where there is one. */
export function medianOf(x: Tensor, dims: readonly number[]): Tensor {
  return ofSorted(x, dims, (sorted, numbers) => (numbers < sorted.length ? Number.NaN : middle(sorted, numbers)));
}

/** The lower median over dims, which keep size one, of the entries that are not NaN; NaN where there are none. */
export function nanmedianOf(x: Tensor, dims: readonly number[]): Tensor {
  return ofSorted(x, dims, (sorted, numbers) => (numbers === 0 ? Number.NaN : middle(sorted, numbers)));
}

function middle(sorted: Float64Array, numbers: number): number {
  return sorted[Math.floor((numbers - 1) / 2)];
}

/** A value of the sorted entries over dims, the last of which are NaN: `numbers` of them are not. */
function ofSorted(
  input: Tensor,
  dims: readonly number[],
  statistic: (sorted: Float64Array, numbers: number) => number,
): Tensor {
  const out = allocate(keptShape(input.shape, dims), input.dtype);
  const { x, kept, reduced } = split(input, dims);
  const entries = new Float64Array(out.length === 0 ? 0 : input.length / out.length);
  let at = out.offset;
  visitOuter(kept, kept.sizes.length, [x.offset], ([start]) => {
    let count = 0;
    visitOuter(reduced, reduced.sizes.length, [start], ([place]) => {
      entries[count++] = x.storage[place];
    });
    // Without a function to compare, typed arrays are sorted by number, with NaN last.
    entries.sort();
    while (count > 0 && Number.isNaN(entries[count - 1])) count--;
    out.storage[at++] = statistic(entries, count);
  });
  return out;
}

/**
 * The place of the entry along a dim, which keeps size one, that occurs most often: of such entries the smallest, and of
 * its places the last. dtype int32.
 */
export function commonestPlaces(x: Tensor, dim: number): Tensor {
  const out = allocate(keptShape(x.shape, [dim]), 'int32');
  const order = sortingOrder(x, dim, false);
  const [step, orderStep] = [x.strides[dim], order.strides[dim]];
  const lines = { sizes: [...out.shape], strides: [[...x.strides], [...order.strides]] };
  let at = out.offset;
  visitOuter(lines, lines.sizes.length, [x.offset, order.offset], ([start, orderStart]) => {
    const placeAt = (rank: number): number => order.storage[orderStart + rank * orderStep];
    const entryAt = (rank: number): number => x.storage[start + placeAt(rank) * step];
    let [longest, place] = [0, 0];
    for (let first = 0, end = 1; first < x.shape[dim]; first = end++) {
      while (end < x.shape[dim] && entryAt(end) === entryAt(first)) end++;
      if (end - first > longest) [longest, place] = [end - first, placeAt(end - 1)];
    }
    out.storage[at++] = place;
  });
  return out;
}
