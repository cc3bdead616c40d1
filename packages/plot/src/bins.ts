import { isDrawable } from './values.ts';

/** Intervals of one width, beginning at the `first` multiple of it. Each holds its lower end, the last one both. */
export interface Bins {
  readonly first: number;
  readonly width: number;
  readonly count: number;
}

/** About `wanted` bins that cover a range of some length; their width is 1, 2 or 5 times a power of ten. */
export function roundBins([low, high]: readonly [number, number], wanted: number): Bins {
  const width = nearestRound(Math.max(high / wanted - low / wanted, Number.MIN_VALUE));
  const first = Math.floor(low / width);
  return { first, width, count: Math.max(1, Math.ceil(high / width) - first) };
}

/** The nearest of … 0.5, 1, 2, 5, 10, … by ratio. */
function nearestRound(width: number): number {
  const exponent = Math.floor(Math.log10(width));
  const ratio = width / 10 ** exponent;
  const multiple = ratio < Math.SQRT2 ? 1 : ratio < Math.sqrt(10) ? 2 : ratio < Math.sqrt(50) ? 5 : 10;
  return Number(`${multiple}e${exponent}`);
}

/** Where bin `index` begins; for `index` = `count`, where the last one ends. */
export function binEdge({ first, width }: Bins, index: number): number {
  return (first + index) * width;
}

/** How many of the values lie in each bin. Values that cannot be drawn lie in none. */
export function countInBins(values: ArrayLike<number>, { first, width, count }: Bins): number[] {
  const counts = new Array<number>(count).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!isDrawable(value)) continue;
    const bin = Math.min(count - 1, Math.floor(value / width) - first);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}
