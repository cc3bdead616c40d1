import { defaultGenerator } from '@gradtape/autograd';
import type { Dataset } from '../dataset.ts';
import type { SeededOptions } from '../samplers/seeded-sampler.ts';
import { Subset } from '../subset.ts';
import { cutIntoParts } from './cut-into-parts.ts';
import { partLengths } from './part-lengths.ts';

/**
 * Divides a dataset at random into parts of these lengths, or of these fractions of it.
 *
 * @throws GradtapeError if the lengths are neither counts that sum to the number of samples, nor fractions that sum to 1.
 * @example
 * const dataset = new TensorDataset(tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
 * const [train, test] = randomSplit(dataset, [0.7, 0.3], { generator: new Generator(42) });
 * train.length; // 7
 * test.length; // 3
 */
export function randomSplit<Sample>(
  dataset: Dataset<Sample>,
  lengths: readonly number[],
  { generator = defaultGenerator() }: SeededOptions = {},
): Subset<Sample>[] {
  const parts = partLengths('randomSplit', lengths, dataset.length);
  return cutIntoParts(generator.permutation(dataset.length), parts).map((indices) => new Subset(dataset, indices));
}
