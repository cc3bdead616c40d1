import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { sub } from '../primitives/linear/arithmetic.ts';
import { convert } from '../primitives/linear/convert.ts';
import { gatherAlong } from '../primitives/linear/gather.ts';
import { partOf } from '../primitives/linear/slice.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { argsortAlong } from '../primitives/piecewise/argsort.ts';
import { eq, isnan } from '../primitives/piecewise/comparison.ts';
import { placeOfLargest } from '../primitives/piecewise/extremes.ts';
import { medianKept, nanmedianKept, placeOfCommonest } from '../primitives/piecewise/order-statistics.ts';
import { asLine, chosenAlong } from './along-dim.ts';
import { checkNotEmpty, overDims, type ReductionOptions, type ValuesAndIndices } from './over-dims.ts';

/** The median of all entries, of an even number the lower one; equal ones share the derivative. NaN where there is one. */
export function median(x: Tensor): Tensor;
/**
 * The medians along a dim, of an even number the lower one, and their indices, which have the derivative. The first NaN
 * where there is one.
 *
 * @throws GradtapeError if the dim is out of range, or there is nothing to choose from.
 * @example
 * median(tensor([[3, 1, 2], [6, 4, 5]]), 1); // { values: [2, 5], indices: [2, 2] }
 */
export function median(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function median(x: Tensor, dim?: number, options: ReductionOptions = {}): Tensor | ValuesAndIndices {
  if (dim === undefined) return overDims('median', x, null, {}, medianKept);
  return chosenAlong('median', x, dim, options, (line, d) => {
    const missing = isnan(line);
    const rank = partOf(argsortAlong(line, d, false), d, Math.floor((line.shape[d] - 1) / 2), 1);
    const hasNaN = placeOfLargest(convert(missing, 'int32'), [d]);
    return where(gatherAlong(missing, d, hasNaN), hasNaN, rank);
  });
}

/** {@link median} of the entries that are not NaN; NaN where there are none. */
export function nanmedian(x: Tensor): Tensor;
/**
 * {@link median} along a dim of the entries that are not NaN; NaN where there are none.
 *
 * @throws GradtapeError if the dim is out of range, or there is nothing to choose from.
 * @example
 * nanmedian(tensor([3, NaN, 1, 2]), 0); // { values: 2, indices: 3 }
 */
export function nanmedian(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function nanmedian(x: Tensor, dim?: number, options: ReductionOptions = {}): Tensor | ValuesAndIndices {
  if (dim === undefined) return overDims('nanmedian', x, null, {}, nanmedianKept);
  return chosenAlong('nanmedian', x, dim, options, (line, d) => {
    const numbers = sumKept(convert(eq(line, line), 'float64'), [d]);
    const middle = convert(mul(sub(numbers, 1), 0.5), 'int32');
    return gatherAlong(argsortAlong(line, d, false), d, middle);
  });
}

/**
 * The entries along a dim that occur most often, of such the smallest, and where they stand: at the last of their places,
 * which has the derivative.
 *
 * @param dim Default: the last.
 * @throws GradtapeError if the dim is out of range, or there is nothing to choose from.
 * @example
 * mode(tensor([3, 1, 2, 1, 3])); // { values: 1, indices: 3 }
 */
export function mode(x: Tensor, dim = -1, options: ReductionOptions = {}): ValuesAndIndices {
  return chosenAlong('mode', x, dim, options, placeOfCommonest);
}

/**
 * The k-th smallest entries along a dim, counted from 1, and where they stand. NaN counts as the largest.
 *
 * @param dim Default: the last.
 * @throws GradtapeError if the dim is out of range, or has not k entries.
 * @example
 * kthvalue(tensor([30, 10, 20]), 2); // { values: 20, indices: 2 }
 */
export function kthvalue(x: Tensor, k: number, dim = -1, options: ReductionOptions = {}): ValuesAndIndices {
  const { line, d } = asLine('kthvalue', x, dim);
  checkNotEmpty('kthvalue', line, [d]);
  if (!Number.isInteger(k) || k < 1 || k > line.shape[d]) {
    fail('kthvalue: k is out of range', {
      got: `k = ${k} along dim ${dim} of shape ${showShape(x.shape)}`,
      needs: `a whole number from 1, for the smallest, to ${line.shape[d]}`,
      fix: 'k counts from 1; topk gives the k largest',
    });
  }
  return chosenAlong('kthvalue', x, dim, options, (each, along) =>
    partOf(argsortAlong(each, along, false), along, k - 1, 1),
  );
}
