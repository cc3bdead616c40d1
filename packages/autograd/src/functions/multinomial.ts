import { fail } from '../core/errors.ts';
import type { Generator } from '../core/random/generator.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from '../kernels/copy.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { neg } from '../primitives/linear/arithmetic.ts';
import { convert } from '../primitives/linear/convert.ts';
import { runningSumAlong } from '../primitives/linear/cumsum.ts';
import { partOf } from '../primitives/linear/slice.ts';
import { placesInSorted } from '../primitives/piecewise/searchsorted.ts';
import { div } from '../primitives/smooth/division.ts';
import { log } from '../primitives/smooth/exponential.ts';
import { detach } from '../tape/leaf.ts';
import { checkFloating } from './check-dtype.ts';
import { rand } from './random.ts';
import { topk } from './sorting.ts';

export interface MultinomialOptions {
  /** Whether a category may be drawn again. Default: false. */
  readonly replacement?: boolean;
  /** Where the numbers come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Categories drawn by their weights, which need not add up to 1: `[count]` or, of each row, `[rows, count]`, dtype int32.
 * Without replacement those with the largest `weight / e`, for a number `e` of the exponential distribution each.
 *
 * @param weights `[categories]` or `[rows, categories]`, finite and from 0.
 * @throws GradtapeError if a weight is negative or not finite, all weights of a row are 0, or there are too few that are
 *   not to draw without replacement.
 * @example
 * multinomial(tensor([0, 10, 0]), 4, { replacement: true }); // [1, 1, 1, 1]
 */
export function multinomial(
  weights: Tensor,
  count: number,
  { replacement = false, generator }: MultinomialOptions = {},
): Tensor {
  checkFloating('multinomial', weights);
  if ((weights.rank !== 1 && weights.rank !== 2) || !Number.isInteger(count) || count < 1) {
    fail('multinomial: not draws from lists of weights', {
      got: `${count} draws from weights of shape ${showShape(weights.shape)}`,
      needs: 'one or two dims, and a whole number from 1',
      fix: 'one row of weights for each list of draws',
    });
  }
  checkWeights(weights, replacement ? 1 : count);
  const exact = convert(detach(weights), 'float64');
  const last = weights.rank - 1;
  if (!replacement) {
    const waits = neg(log(rand(weights.shape, { generator, dtype: 'float64' })));
    return topk(div<Tensor, Tensor>(exact, waits), count, last).indices;
  }
  const sums = runningSumAlong(exact, last);
  const total = partOf(sums, last, weights.shape[last] - 1, 1);
  const draws = rand(weights.shape.with(last, count), { generator, dtype: 'float64' });
  return placesInSorted(sums, mul<Tensor, Tensor>(draws, total), true);
}

/** Throws unless every row has at least so many weights that are not zero, and no other than numbers from 0. */
function checkWeights(weights: Tensor, needed: number): void {
  const { storage, offset, length } = inReadingOrder(weights);
  const categories = weights.shape[weights.rank - 1];
  for (let i = 0, positive = 0; i < length; i++) {
    const weight = storage[offset + i];
    if (!(weight >= 0 && weight < Infinity)) failOnWeights(`weight ${weight}`, 'finite numbers from 0');
    positive = (i % categories === 0 ? 0 : positive) + Number(weight > 0);
    if (i % categories === categories - 1 && positive < needed) {
      failOnWeights(`${positive} weights that are not 0 in a row`, `at least ${needed}`);
    }
  }
  if (categories < needed) failOnWeights(`${categories} categories`, `at least ${needed}`);
}

function failOnWeights(got: string, needs: string): never {
  return fail('multinomial: the weights do not say what to draw', {
    got,
    needs,
    fix: 'softmax makes weights of scores; { replacement: true } may draw a category again',
  });
}
