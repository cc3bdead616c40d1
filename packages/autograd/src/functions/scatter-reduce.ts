import { constant } from '../core/allocate.ts';
import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { acrossDims, scatterAddZeros } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { where } from '../primitives/linear/where.ts';
import { ne } from '../primitives/piecewise/comparison.ts';
import { maximum } from '../primitives/piecewise/kinked.ts';
import { scatterLargest, scatterProduct, scatterSmallest } from '../primitives/piecewise/scatter-reductions.ts';
import { div } from '../primitives/smooth/division.ts';
import { checkIndex, checkList, checkSlices, sourceFor } from './gather.ts';

/** How entries that meet in one place become one. */
export type ScatterReduction = 'sum' | 'prod' | 'mean' | 'amax' | 'amin';

export interface ScatterReduceOptions {
  /** Whether the entry of `x` in a place that an index points to counts among those that meet there. Default: true. */
  readonly includeSelf?: boolean;
}

/**
 * `x` with entries of `src` joined to it: for dim 0 all `src[i, j]` with `index[i, j] = k` to `x[k, j]`, and so on, by
 * their sum, product, mean, or largest or smallest one. Extremes that are equal share the derivative; that of a product is
 * right where factors are zero.
 *
 * @param index dtype int32, with as many dims as `x`, in dims other than `dim` at most as large.
 * @param src Of the dtype of `x`, at least as large as `index`.
 * @throws GradtapeError as `scatter`, for another reduction, and for the mean of whole numbers.
 * @example
 * const index = tensor([0, 1, 0], { dtype: 'int32' });
 * scatterReduce(tensor([10, 10, 10]), 0, index, tensor([1, 2, 3]), 'sum'); // [14, 12, 10]
 * scatterReduce(tensor([10, 10, 10]), 0, index, tensor([1, 2, 3]), 'amax', { includeSelf: false }); // [3, 2, 10]
 */
export function scatterReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: ScatterReduction,
  { includeSelf = true }: ScatterReduceOptions = {},
): Tensor {
  checkReduction('scatterReduce', reduce, ['sum', 'prod', 'mean', 'amax', 'amin'], x);
  const d = checkIndex('scatterReduce', x.shape, dim, index);
  const source = sourceFor('scatterReduce', x, index, src);
  if (x.rank > 0) return joined(x, d, index, source, reduce, includeSelf);
  const line = (one: Tensor): Tensor => reshape(one, [1]);
  return reshape(joined(line(x), 0, line(index), line(source), reduce, includeSelf), []);
}

/**
 * `x` with whole indices of a dim joined to: for dim 0 the rows `source[i]` with `index[i] = k` to the row `x[k]`, by their
 * product, mean, or largest or smallest one, entry by entry. {@link scatterReduce} says how derivatives go; `indexAdd` adds.
 *
 * @param index dtype int32, of one dim.
 * @param source As `x`, but of the size of the list in that dim.
 * @throws GradtapeError as `indexAdd`, for another reduction, and for the mean of whole numbers.
 * @example
 * const index = tensor([0, 0], { dtype: 'int32' });
 * indexReduce(ones([2, 2]), 0, index, tensor([[1, 2], [3, 4]]), 'prod'); // [[3, 8], [1, 1]]
 */
export function indexReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: Exclude<ScatterReduction, 'sum'>,
  { includeSelf = true }: ScatterReduceOptions = {},
): Tensor {
  checkReduction('indexReduce', reduce, ['prod', 'mean', 'amax', 'amin'], x);
  const d = checkList('indexReduce', x.shape, dim, index);
  checkSlices('indexReduce', x, d, index, source);
  if (x.rank > 0) return joined(x, d, acrossDims(index, d, x.shape), source, reduce, includeSelf);
  const line = (one: Tensor): Tensor => reshape(one, [1]);
  return reshape(joined(line(x), 0, line(index), line(source), reduce, includeSelf), []);
}

function joined(
  x: Tensor,
  d: number,
  index: Tensor,
  src: Tensor,
  reduce: ScatterReduction,
  includeSelf: boolean,
): Tensor {
  const pointers = scatterAddZeros(constant(1, index.shape, 'int32'), index, d, x.shape);
  const self = includeSelf ? x : where(ne(pointers, 0), neutral(reduce, x), x);
  if (reduce === 'prod') return scatterProduct(self, src, index, d);
  if (reduce === 'amax') return scatterLargest(self, src, index, d);
  if (reduce === 'amin') return scatterSmallest(self, src, index, d);
  const sum = add(self, scatterAddZeros(src, index, d, x.shape));
  if (reduce === 'sum') return sum;
  return div(sum, includeSelf ? add(pointers, 1) : maximum(pointers, 1));
}

/** What changes nothing where it is joined. */
function neutral(reduce: ScatterReduction, { dtype }: Tensor): number {
  if (reduce === 'prod') return 1;
  if (reduce === 'amax') return isFloating(dtype) ? -Infinity : -(2 ** 31);
  if (reduce === 'amin') return isFloating(dtype) ? Infinity : 2 ** 31 - 1;
  return 0;
}

function checkReduction(operation: string, reduce: string, known: readonly string[], { dtype }: Tensor): void {
  if (!known.includes(reduce)) {
    fail(`${operation}: no such reduction`, {
      got: `'${reduce}'`,
      needs: known.map((each) => `'${each}'`).join(', '),
      fix: known.includes('sum') ? "scatter(…, { reduce: 'add' }) is 'sum' here" : 'indexAdd gives the sum',
    });
  }
  if (dtype === 'bool' || (reduce === 'mean' && !isFloating(dtype))) {
    fail(`${operation}: '${reduce}' is not defined for dtype ${dtype}`, {
      got: `dtype ${dtype}`,
      needs: reduce === 'mean' ? 'float32 or float64' : 'numbers',
      fix: "convert first: x.to('float32')",
    });
  }
}
