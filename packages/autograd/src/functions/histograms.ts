import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { convert } from '../primitives/linear/convert.ts';
import { scatterAddZeros } from '../primitives/linear/gather.ts';
import { countsInBins, countsOfNumbers } from '../primitives/piecewise/histograms.ts';
import { checkFloating, checkWhole } from './check-dtype.ts';

export interface BincountOptions {
  /** The least length of the result. Default: 0. */
  readonly minlength?: number;
}

/**
 * How often each whole number from 0 occurs in a list: `[max(largest + 1, minlength)]`, dtype int32; or the sums of weights
 * that stand beside the numbers, which have a derivative. The size depends on the values, so that no program can hold it.
 *
 * @param x `[n]`, dtype int32, from 0.
 * @param weights `[n]`; whole numbers count as float32.
 * @throws GradtapeError if `x` is no list of whole numbers from 0, or the weights are not as many.
 * @example
 * bincount(tensor([0, 2, 2], { dtype: 'int32' })); // [1, 0, 2]
 * bincount(tensor([0, 2, 2], { dtype: 'int32' }), tensor([0.5, 1, 2])); // [0.5, 0, 3]
 */
export function bincount(x: Tensor, weights: Tensor | null = null, { minlength = 0 }: BincountOptions = {}): Tensor {
  checkWhole('bincount', x);
  if (x.rank !== 1 || (weights !== null && (weights.rank !== 1 || weights.length !== x.length))) {
    fail('bincount: not a list of numbers, and a weight for each', {
      got: `numbers of shape ${showShape(x.shape)}${weights ? `, weights of shape ${showShape(weights.shape)}` : ''}`,
      needs: 'one dim, and weights of the same length',
      fix: 'flatten both first',
    });
  }
  if (!Number.isInteger(minlength) || minlength < 0) {
    fail('bincount: not a length', {
      got: `minlength ${minlength}`,
      needs: 'a whole number from 0',
      fix: 'leave it out',
    });
  }
  const counts = countsOfNumbers(x, minlength);
  if (weights === null) return counts;
  return scatterAddZeros(isFloating(weights.dtype) ? weights : convert(weights, 'float32'), x, 0, counts.shape);
}

export interface HistogramOptions {
  /** How many intervals. Default: 100. */
  readonly bins?: number;
  /** Where the first begins. Default: 0. */
  readonly min?: number;
  /** Where the last ends; if that is `min`, they reach from the smallest entry to the largest. Default: 0. */
  readonly max?: number;
}

/**
 * How many entries lie in each of `bins` intervals of equal width, the last with its end: `[bins]`, of the dtype of `x`.
 * What lies beyond, and NaN, is left out. No derivative passes.
 *
 * @throws GradtapeError if the dtype is not floating, there is no bin, or the range is not finite or ends before it begins.
 * @example
 * histc(tensor([1, 2, 1]), { bins: 4, min: 0, max: 3 }); // [0, 2, 1, 0]
 */
export function histc(x: Tensor, { bins = 100, min = 0, max = 0 }: HistogramOptions = {}): Tensor {
  checkFloating('histc', x);
  if (!Number.isInteger(bins) || bins < 1 || !Number.isFinite(min) || !Number.isFinite(max) || min > max) {
    fail('histc: not a range of bins', {
      got: `${bins} bins from ${min} to ${max}`,
      needs: 'a whole number from 1, and finite ends of which max is the larger one',
      fix: 'leave out both ends to reach from the smallest entry to the largest',
    });
  }
  return countsInBins(x, { bins, min, max });
}
