import { type DType, isFloating } from './dtype.ts';
import { entriesOf, type Shape } from './shape.ts';

type Entry = number | boolean;

/** How an array is printed; what is left out is as in PyTorch. */
export interface FormatOptions {
  readonly dtype: DType;
  /** Decimals of numbers that are not whole, 4 unless told. */
  readonly precision?: number;
  /** Arrays of more entries are cut in the middle, 1000 unless told. */
  readonly threshold?: number;
  /** Entries left at each end of a dim that is cut, 3 unless told. */
  readonly edgeItems?: number;
  /** Characters after which a row goes on in the next line, 80 unless told. */
  readonly lineWidth?: number;
  /** Characters that will stand before the text in its first line, 0 unless told: the other lines are moved by as many. */
  readonly indent?: number;
}

/** Stands for the entries or rows that are left out. */
const GAP: unique symbol = Symbol('...');

/** The entries that are shown, nested as the array is. */
type Shown = Entry | typeof GAP | readonly Shown[];

/**
 * The text of an array, as PyTorch prints it: columns aligned, one number of decimals for all entries.
 *
 * - Whole floating numbers stand as `1.`, others with `precision` decimals, rounded as `toFixed` does; all of them as
 *   `1.0000e-05` where the largest is above 10^8 or more than 1000 times the smallest, or where the smallest is below
 *   10^-4. Zeros and entries that are not finite have no say in this.
 * - `nan`, `inf`, `-inf`, `-0.`, `true`, `false`; `[]` for an array without entries; a bare number for one without dims.
 * - Arrays of more than `threshold` entries show only `edgeItems` at both ends of each longer dim.
 *
 * With numbers 1, 2.5, -3, 4 of shape [2, 2]:
 *
 *     [[ 1.0000,  2.5000],
 *      [-3.0000,  4.0000]]
 *
 * @param at gives the entry at an index: a boolean for dtype bool, else a number. It is asked for entries shown only.
 * @param shape the sizes of the dims
 */
export function formatArray(at: (index: readonly number[]) => Entry, shape: Shape, options: FormatOptions): string {
  const { dtype, precision = 4, threshold = 1000, edgeItems = 3, lineWidth = 80, indent = 0 } = options;
  const entries = entriesOf(shape);
  if (entries === 0) return '[]';
  const shown = shownEntries(at, shape, entries > threshold ? edgeItems : Number.POSITIVE_INFINITY);
  const leaves = leavesOf(shown);
  const text = isFloating(dtype) ? floatingNotation(leaves.map(Number), precision) : String;
  const width = leaves.reduce<number>((widest, entry) => Math.max(widest, text(entry).length), 0);
  return layOut(shown, shape.length, indent, { text, width, lineWidth });
}

function shownEntries(at: (index: readonly number[]) => Entry, shape: Shape, edgeItems: number): Shown {
  const visit = (index: readonly number[]): Shown => {
    if (index.length === shape.length) return at(index);
    const size = shape[index.length];
    const isCut = size > 2 * edgeItems;
    const range = (start: number, end: number): Shown[] =>
      Array.from({ length: end - start }, (_, i) => visit([...index, start + i]));
    return isCut ? [...range(0, edgeItems), GAP, ...range(size - edgeItems, size)] : range(0, size);
  };
  return visit([]);
}

function leavesOf(shown: Shown): Entry[] {
  if (shown === GAP) return [];
  return typeof shown === 'object' ? shown.flatMap(leavesOf) : [shown];
}

/** The notation that suits all of the values. */
function floatingNotation(values: readonly number[], precision: number): (value: Entry) => string {
  const sizes = values.map(Math.abs).filter((size) => size > 0 && size < Number.POSITIVE_INFINITY);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const whole = sizes.every(Number.isInteger);
  const scientific = largest / smallest > 1e3 || largest > 1e8 || smallest < 1e-4;
  const positive = scientific
    ? (size: number) => size.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2')
    : (size: number) => (whole ? `${size.toFixed(0)}.` : size.toFixed(precision));
  return (entry) => {
    const value = Number(entry);
    if (Number.isNaN(value)) return 'nan';
    const sign = value < 0 || Object.is(value, -0) ? '-' : '';
    const size = Math.abs(value);
    return sign + (size === Number.POSITIVE_INFINITY ? 'inf' : positive(size));
  };
}

interface Layout {
  readonly text: (entry: Entry) => string;
  readonly width: number;
  readonly lineWidth: number;
}

/** Entries side by side, wrapped; rows one below the other, with one empty line more for each dim above two. */
function layOut(shown: Shown, rank: number, indent: number, layout: Layout): string {
  if (shown === GAP) return rank === 0 ? ' ...' : '...';
  if (typeof shown !== 'object') return layout.text(shown).padStart(layout.width);
  const parts = shown.map((part) => layOut(part, rank - 1, indent + 1, layout));
  const margin = ' '.repeat(indent + 1);
  if (rank > 1) return `[${parts.join(`,${'\n'.repeat(rank - 1)}${margin}`)}]`;
  const perLine = Math.max(1, Math.floor((layout.lineWidth - indent) / (layout.width + 2)));
  const lines: string[] = [];
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(', '));
  return `[${lines.join(`,\n${margin}`)}]`;
}
