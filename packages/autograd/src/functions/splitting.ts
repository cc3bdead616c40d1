import { fail } from '../core/errors.ts';
import { normalizeDim, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { partOf } from '../primitives/linear/slice.ts';

/**
 * Parts along a dim: so many of sizes that differ by one at most, the first ones larger; or cut before the indices listed,
 * which are read as in a slice. Views.
 *
 * @throws GradtapeError if `x` has no dims, the number of parts is no whole number from 1, or an index is not whole.
 * @example
 * tensorSplit(arange(5), 2); // [[0, 1, 2], [3, 4]]
 * tensorSplit(arange(5), [1, 3]); // [[0], [1, 2], [3, 4]]
 */
export function tensorSplit(x: Tensor, indicesOrSections: number | readonly number[], dim = 0): Tensor[] {
  return cut('tensorSplit', x, indicesOrSections, dim);
}

/**
 * {@link tensorSplit} into parts side by side: along the columns, or along the only dim. A number of parts must divide it.
 *
 * @throws GradtapeError as {@link tensorSplit}, and if the parts are not equal.
 * @example
 * hsplit(tensor([[1, 2], [3, 4]]), 2); // [[[1], [3]], [[2], [4]]]
 */
export function hsplit(x: Tensor, indicesOrSections: number | readonly number[]): Tensor[] {
  return evenly('hsplit', x, indicesOrSections, x.rank === 1 ? 0 : 1, 1);
}

/**
 * {@link tensorSplit} into parts one below the other: along the rows. A number of parts must divide them.
 *
 * @throws GradtapeError as {@link tensorSplit}, and if `x` has fewer than two dims, or the parts are not equal.
 * @example
 * vsplit(tensor([[1, 2], [3, 4]]), 2); // [[[1, 2]], [[3, 4]]]
 */
export function vsplit(x: Tensor, indicesOrSections: number | readonly number[]): Tensor[] {
  return evenly('vsplit', x, indicesOrSections, 0, 2);
}

/**
 * {@link tensorSplit} into parts one behind the other: along the third dim. A number of parts must divide it.
 *
 * @throws GradtapeError as {@link tensorSplit}, and if `x` has fewer than three dims, or the parts are not equal.
 * @example
 * dsplit(tensor([[[1, 2]]]), 2); // [[[[1]]], [[[2]]]]
 */
export function dsplit(x: Tensor, indicesOrSections: number | readonly number[]): Tensor[] {
  return evenly('dsplit', x, indicesOrSections, 2, 3);
}

function evenly(operation: string, x: Tensor, cuts: number | readonly number[], dim: number, rank: number): Tensor[] {
  const uneven = typeof cuts === 'number' && (x.shape[dim] ?? 0) % cuts !== 0;
  if (x.rank < rank || uneven) {
    fail(`${operation}: the parts do not come out even`, {
      got: `${typeof cuts === 'number' ? `${cuts} parts` : `cuts ${showShape(cuts)}`} of shape ${showShape(x.shape)}`,
      needs: `dims: ${rank} or more, and a number of parts that divides dim ${dim}`,
      fix: `tensorSplit(x, ${typeof cuts === 'number' ? cuts : showShape(cuts)}, dim) allows for uneven parts`,
    });
  }
  return cut(operation, x, cuts, dim);
}

function cut(operation: string, x: Tensor, cuts: number | readonly number[], dim: number): Tensor[] {
  const whole = typeof cuts === 'number' ? Number.isInteger(cuts) && cuts >= 1 : cuts.every(Number.isInteger);
  if (x.rank === 0 || !whole) {
    fail(`${operation}: not a way to cut`, {
      got: `${typeof cuts === 'number' ? cuts : showShape(cuts)} for shape ${showShape(x.shape)}`,
      needs: 'at least one dim, and a number of parts from 1 or a list of whole numbers',
      fix: `${operation}(x, 2) or ${operation}(x, [1, 3])`,
    });
  }
  const d = normalizeDim(operation, dim, x.rank);
  const size = x.shape[d];
  const bounds = typeof cuts === 'number' ? evenBounds(size, cuts) : [0, ...cuts.map((at) => boundAt(at, size)), size];
  return bounds.slice(1).map((end, i) => partOf(x, d, bounds[i], Math.max(0, end - bounds[i])));
}

/** Where parts begin that differ by one at most, and where the last one ends. */
function evenBounds(size: number, parts: number): number[] {
  const [least, larger] = [Math.floor(size / parts), size % parts];
  return Array.from({ length: parts + 1 }, (_, i) => i * least + Math.min(i, larger));
}

/** A bound as a slice reads it: negative ones count from the end, what lies beyond is cut off. */
function boundAt(at: number, size: number): number {
  return Math.min(Math.max(at < 0 ? at + size : at, 0), size);
}
