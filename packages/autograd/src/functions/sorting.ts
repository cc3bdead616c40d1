import { fail } from '../core/errors.ts';
import { normalizeDim } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { gatherAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { rangesWith, slice } from '../primitives/linear/slice.ts';
import { argsortAlong } from '../primitives/piecewise/argsort.ts';
import type { ValuesAndIndices } from './over-dims.ts';

export interface SortOptions {
  /** From the largest to the smallest. Default: false. */
  readonly descending?: boolean;
  /** Whether equal entries must keep their order; they do in any case. Default: true. */
  readonly stable?: boolean;
}

/**
 * The entries along a dim in rising order, and where each stood. Equal entries keep their order, NaN counts as the
 * largest; the derivative goes to where an entry stood.
 *
 * @param dim Default: the last.
 */
export function sort(x: Tensor, dim = -1, options: SortOptions = {}): ValuesAndIndices {
  const indices = argsort(x, dim, options);
  return { values: x.rank === 0 ? x : gatherAlong(x, normalizeDim('sort', dim, x.rank), indices), indices };
}

/**
 * The entries along the first dim in rising order, as {@link sort} gives them.
 *
 * @example
 * msort(tensor([[3, 1], [2, 4]])); // [[2, 1], [3, 4]]
 */
export function msort(x: Tensor): Tensor {
  return sort(x, 0).values;
}

/**
 * The indices that sort along a dim: dtype int32, of the shape of `x`. Equal entries keep their order, NaN counts as the
 * largest.
 *
 * @param dim Default: the last.
 */
export function argsort(x: Tensor, dim = -1, { descending = false }: SortOptions = {}): Tensor {
  const d = normalizeDim('argsort', dim, x.rank);
  return x.rank === 0 ? reshape(argsortAlong(reshape(x, [1]), 0, descending), []) : argsortAlong(x, d, descending);
}

export interface TopkOptions {
  /** The largest, or (false) the smallest. Default: true. */
  readonly largest?: boolean;
  /** Whether the most extreme must come first; it does in any case. Default: true. */
  readonly sorted?: boolean;
}

/**
 * The `k` largest (or smallest) entries along a dim, the most extreme first, and where they stood. NaN counts as the
 * largest.
 *
 * @param dim Default: the last.
 * @throws GradtapeError if the dim has fewer than `k` entries.
 * @example
 * topk(tensor([1, 4, 2]), 2).values; // [4, 2]
 */
export function topk(x: Tensor, k: number, dim = -1, { largest = true }: TopkOptions = {}): ValuesAndIndices {
  const d = normalizeDim('topk', dim, x.rank);
  const size = x.shape[d] ?? 1;
  if (!Number.isInteger(k) || k < 0 || k > size) {
    fail('topk: k is out of range', {
      got: `k = ${k} along dim ${dim}, which has size ${size}`,
      needs: `a whole number from 0 to ${size}`,
      fix: `topk(x, Math.min(k, ${size})), or check the dim`,
    });
  }
  const source = x.rank === 0 ? reshape(x, [1]) : x;
  const order = argsortAlong(source, d, largest);
  const indices = slice(order, rangesWith(order.shape, d, { start: 0, step: 1, size: k }));
  const values = gatherAlong(source, d, indices);
  if (x.rank > 0 || k === 0) return { values, indices };
  return { values: reshape(values, []), indices: reshape(indices, []) };
}
