import { showShape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** Between which numbers a tensor's entries lie. */
export interface ValueRange {
  /** The smallest finite entry; Infinity if there is none. */
  readonly low: number;
  /** The largest finite entry; -Infinity if there is none. */
  readonly high: number;
  readonly nans: number;
  readonly infinities: number;
}

export function valueRangeOf(x: Tensor): ValueRange {
  let [low, high, nans, infinities] = [Infinity, -Infinity, 0, 0];
  for (const entry of x.toTypedArray()) {
    if (Number.isNaN(entry)) nans++;
    else if (Math.abs(entry) === Infinity) infinities++;
    else {
      low = Math.min(low, entry);
      high = Math.max(high, entry);
    }
  }
  return { low, high, nans, infinities };
}

/** Shape, dtype and range in words: `[2, 3] float32, from -1 to 2.5, 1 NaN, 2 infinite`. */
export function describeValues(x: Tensor): string {
  return `${showShape(x.shape)} ${x.dtype}, ${describeRange(x)}`;
}

/** The range in words: `from -1 to 2.5, 1 NaN, 2 infinite`. */
export function describeRange(x: Tensor): string {
  const { low, high, nans, infinities } = valueRangeOf(x);
  const finite = low === high ? `all ${short(low)}` : `from ${short(low)} to ${short(high)}`;
  const parts = [
    x.length === 0 ? 'no entries' : low > high ? 'no finite entry' : finite,
    ...(nans > 0 ? [`${nans} NaN`] : []),
    ...(infinities > 0 ? [`${infinities} infinite`] : []),
  ];
  return parts.join(', ');
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}
