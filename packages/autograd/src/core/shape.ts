import { fail } from './errors.ts';

/** The sizes of a tensor's dims, outermost first. */
export type Shape = readonly number[];

/** The number of entries of a tensor of this shape. */
export function entriesOf(shape: Shape): number {
  let entries = 1;
  for (const size of shape) entries *= size;
  return entries;
}

const NO_STRIDES: readonly number[] = [];

/** Steps in entries from one index of a dim to the next, for entries that lie in reading order. */
export function contiguousStrides(shape: Shape): readonly number[] {
  if (shape.length === 0) return NO_STRIDES;
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d] as number;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false;
  return true;
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The index of an entry, from its place in reading order. */
export function indexAt(place: number, shape: Shape): number[] {
  const index = new Array<number>(shape.length);
  let rest = place;
  for (let d = shape.length - 1; d >= 0; d--) {
    index[d] = rest % shape[d];
    rest = Math.floor(rest / shape[d]);
  }
  return index;
}

/** The shape that both broadcast to: aligned at the last dim, a size of one stretches. */
export function broadcastShapes(operation: string, shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let d = rank - shape.length; d < rank; d++) {
      const size = shape[d - rank + shape.length] as number;
      if (size === 1 || size === result[d]) continue;
      if (result[d] !== 1) failToBroadcast(operation, shapes, rank - d, [result[d] as number, size]);
      result[d] = size;
    }
  }
  return result;
}

function failToBroadcast(
  operation: string,
  shapes: readonly Shape[],
  fromEnd: number,
  clash: readonly number[],
): never {
  return fail(`${operation}: the shapes do not broadcast`, {
    got: `${shapes.map(showShape).join(' with ')}: ${clash.join(' against ')} in dim -${fromEnd}`,
    needs: 'sizes that, counted from the last dim, are equal or one of them 1',
    fix: 'reshape, transpose or unsqueeze one operand so that the dims that belong together line up',
  });
}

/** A dim counted from the front, from one that may count from the end. */
export function normalizeDim(operation: string, dim: number, rank: number): number {
  const span = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -span || dim >= span) {
    fail(`${operation}: dim out of range`, {
      got: `dim ${dim} for a tensor of ${rank} dims`,
      needs: rank === 0 ? 'dim 0 or -1' : `a whole number from ${-rank} to ${rank - 1}`,
      fix: 'count dims from 0, or from the end with -1; print x.shape to see them',
    });
  }
  return dim < 0 ? dim + span : dim;
}

/** All dims where none are named; otherwise those named, counted from the front, each once, in rising order. */
export function normalizeDims(
  operation: string,
  dims: number | readonly number[] | null | undefined,
  rank: number,
): number[] {
  if (dims === undefined || dims === null) return Array.from({ length: rank }, (_, d) => d);
  const listed = (typeof dims === 'number' ? [dims] : dims).map((dim) => normalizeDim(operation, dim, rank));
  const distinct = [...new Set(listed)].sort((a, b) => a - b);
  if (distinct.length !== listed.length) {
    fail(`${operation}: a dim is named twice`, {
      got: `dims ${showShape(typeof dims === 'number' ? [dims] : dims)}`,
      needs: 'each dim at most once',
      fix: 'remove the repetition; -1 names the last dim',
    });
  }
  return rank === 0 ? [] : distinct;
}

/** Checks sizes that a caller wrote, and copies them: shapes never change after. */
export function checkShape(operation: string, shape: Shape): Shape {
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
    fail(`${operation}: not a shape`, {
      got: showShape(shape),
      needs: 'whole numbers, 0 or more',
      fix: 'give one size for each dim',
    });
  }
  return [...shape];
}
