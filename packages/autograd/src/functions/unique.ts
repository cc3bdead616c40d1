import { adopt } from '../core/allocate.ts';
import { normalizeDim } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { sub } from '../primitives/linear/arithmetic.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { convert } from '../primitives/linear/convert.ts';
import { runningSumAlong } from '../primitives/linear/cumsum.ts';
import { scatterAddZeros, takeAlong } from '../primitives/linear/gather.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { partOf } from '../primitives/linear/slice.ts';
import { argsortAlong, argsortRows } from '../primitives/piecewise/argsort.ts';
import { ne } from '../primitives/piecewise/comparison.ts';
import { countsOfNumbers } from '../primitives/piecewise/histograms.ts';
import { nonzeroPlaces } from '../primitives/piecewise/indices.ts';
import { detach } from '../tape/leaf.ts';
import { any } from './reductions.ts';

export interface UniqueOptions {
  /** For each entry (or index of the dim) the place among the results, too. Default: false. */
  readonly returnInverse?: boolean;
  /** How often each of the results occurs, too. Default: false. */
  readonly returnCounts?: boolean;
  /** Compare the parts along this dim, rather than single entries. Default: null. */
  readonly dim?: number | null;
}

export interface SortedUniqueOptions extends UniqueOptions {
  /** Whether the results must be sorted; they are in any case. Default: true. */
  readonly sorted?: boolean;
}

/** What occurs, and what else was asked for. */
export interface UniqueResult {
  readonly values: Tensor;
  /** dtype int32. */
  readonly inverseIndices?: Tensor;
  /** dtype int32. */
  readonly counts?: Tensor;
}

type Asked = { readonly returnInverse: true } | { readonly returnCounts: true };

/** {@link unique}, with the places or counts that are asked for. */
export function unique(x: Tensor, options: SortedUniqueOptions & Asked): UniqueResult;
/**
 * The different entries, rising; or the different parts along a dim, in the order of their entries. Every NaN differs from
 * every other. No derivative passes; the size depends on the values, so that no program can hold it.
 *
 * @throws GradtapeError if the dim is out of range.
 * @example
 * unique(tensor([2, 1, 2])); // [1, 2]
 * unique(tensor([2, 1, 2]), { returnInverse: true, returnCounts: true }).inverseIndices; // [1, 0, 1]
 */
export function unique(x: Tensor, options?: SortedUniqueOptions): Tensor;
export function unique(x: Tensor, options: SortedUniqueOptions = {}): Tensor | UniqueResult {
  return withoutRepetition('unique', x, options, (rows) =>
    rows.shape[1] === 1 ? argsortAlong(reshape(rows, [rows.length]), 0, false) : argsortRows(rows),
  );
}

/** {@link uniqueConsecutive}, with the places or counts that are asked for. */
export function uniqueConsecutive(x: Tensor, options: UniqueOptions & Asked): UniqueResult;
/**
 * The entries without those that equal the one before; or the parts along a dim. No derivative passes; the size depends on
 * the values, so that no program can hold it.
 *
 * @throws GradtapeError if the dim is out of range.
 * @example
 * uniqueConsecutive(tensor([1, 1, 2, 1])); // [1, 2, 1]
 */
export function uniqueConsecutive(x: Tensor, options?: UniqueOptions): Tensor;
export function uniqueConsecutive(x: Tensor, options: UniqueOptions = {}): Tensor | UniqueResult {
  return withoutRepetition('uniqueConsecutive', x, options, (rows) =>
    adopt(
      Int32Array.from({ length: rows.shape[0] }, (_, i) => i),
      [rows.shape[0]],
    ),
  );
}

/** Parts of a tensor, in an order, without those that equal the one before. */
function withoutRepetition(
  operation: string,
  x: Tensor,
  { returnInverse = false, returnCounts = false, dim = null }: UniqueOptions,
  orderOf: (rows: Tensor) => Tensor,
): Tensor | UniqueResult {
  const d = dim === null ? 0 : normalizeDim(operation, dim, x.rank);
  const parts = dim === null || x.rank === 0 ? reshape(detach(x), [x.length]) : detach(x);
  const rows = rowsOf(parts, d);
  const order = orderOf(rows);
  const starts = startsOfRuns(takeAlong(rows, 0, order));
  const values = takeAlong(parts, d, takeAlong(order, 0, nonzeroPlaces(starts)));
  if (!returnInverse && !returnCounts) return values;
  const numbers = sub(runningSumAlong(convert(starts, 'int32'), 0), 1);
  const inverse = scatterAddZeros(numbers, order, 0, order.shape);
  return {
    values,
    ...(returnInverse && { inverseIndices: dim === null ? reshape(inverse, x.shape) : inverse }),
    ...(returnCounts && { counts: countsOfNumbers(inverse, 0) }),
  };
}

/** The parts along a dim as the rows of a matrix. */
function rowsOf(x: Tensor, d: number): Tensor {
  const others = x.shape.map((_, k) => k).filter((k) => k !== d);
  const count = x.shape[d];
  const entries = others.reduce((product, k) => product * x.shape[k], 1);
  return reshape(permuteDims(x, [d, ...others]), [count, entries]);
}

/** Which rows differ from the one before; the first does. */
function startsOfRuns(rows: Tensor): Tensor {
  const [count] = rows.shape;
  if (count === 0) return adopt(new Uint8Array(0), [0]);
  const later = any(ne(partOf(rows, 0, 1, count - 1), partOf(rows, 0, 0, count - 1)), 1);
  return concatAlong([adopt(Uint8Array.of(1), [1]), later], 0);
}
