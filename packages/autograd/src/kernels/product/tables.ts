/** One dim of several that count as one: its size, and how far apart its entries lie. */
export interface Dim {
  readonly size: number;
  readonly step: number;
}

/** Dims that count as one, the outermost first. */
export type Axis = readonly Dim[];

/** Whole numbers in a row of a table: where an entry lies, and how many from it on lie side by side along the innermost dim. */
export const ROW_LENGTH = 2;
/** What a row of a table adds to an address: two numbers of 32 bits. */
export const ROW_BYTES = 8;

export function sizeOf(axis: Axis): number {
  return axis.reduce((product, { size }) => product * size, 1);
}

/** The table of an axis: for every entry, in order, the offset of the first less, and what is left of its run. */
export function tableOf(axis: Axis): Int32Array {
  const inner = runOf(axis);
  const length = sizeOf(axis);
  const table = new Int32Array(ROW_LENGTH * length);
  const visit = (d: number, entry: number, offset: number): number => {
    const dim = axis[d];
    if (dim === undefined) {
      table[ROW_LENGTH * entry] = offset;
      table[ROW_LENGTH * entry + 1] = inner - (entry % inner);
      return entry + 1;
    }
    let next = entry;
    for (let i = 0; i < dim.size; i++) next = visit(d + 1, next, offset + i * dim.step);
    return next;
  };
  visit(0, 0, 0);
  return table;
}

/** Entries of the innermost dim. */
export function runOf(axis: Axis): number {
  return axis.at(-1)?.size ?? 1;
}

/**
 * The most pieces that cover a strip of lines: pieces end with their run, and take no more than a vector. Strips begin
 * at multiples of what divides their width, a vector, and where blocks begin.
 */
export function mostPieces(axis: Axis, strip: number, lanes: number, begin: number): number {
  const run = runOf(axis);
  const size = sizeOf(axis);
  const step = greatestDivisor(greatestDivisor(strip, lanes), begin);
  let most = 0;
  for (let start = 0; start < Math.min(run * step, size); start += step) {
    const width = Math.min(strip, size - start);
    let pieces = 0;
    for (let line = 0; line < width; pieces++) line += Math.min(lanes, run - ((start + line) % run));
    most = Math.max(most, pieces);
  }
  return most;
}

/** Euclid's algorithm. */
function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
