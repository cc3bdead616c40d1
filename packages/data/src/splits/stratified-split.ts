import { defaultGenerator } from '@gradtape/autograd';
import type { Dataset } from '../dataset.ts';
import { checkLabels, type Labels, membersOfClasses } from '../labels.ts';
import type { SeededOptions } from '../samplers/seeded-sampler.ts';
import { Subset } from '../subset.ts';
import { cutIntoParts } from './cut-into-parts.ts';
import { partLengths } from './part-lengths.ts';
import { stratifiedOrder } from './stratified-order.ts';

/**
 * Divides a dataset as `randomSplit` does, but so that each part holds every class's share of it: to less than one sample
 * in the first and in the last part, to less than two in those between.
 *
 * @param labels - the class of each sample: a list, or a tensor of shape [samples].
 * @throws GradtapeError if the lengths are neither counts that sum to the number of samples, nor fractions that sum to 1,
 * or there are not as many labels as samples.
 * @example
 * const labels = [0, 0, 0, 0, 0, 0, 1, 1, 1];
 * const [train, test] = stratifiedSplit(new ListDataset(labels), labels, [6, 3]);
 * [...test.indices].filter((i) => labels[i] === 1).length; // 1
 */
export function stratifiedSplit<Sample>(
  dataset: Dataset<Sample>,
  labels: Labels,
  lengths: readonly number[],
  { generator = defaultGenerator() }: SeededOptions = {},
): Subset<Sample>[] {
  checkLabels('stratifiedSplit', labels, dataset.length);
  const parts = partLengths('stratifiedSplit', lengths, dataset.length);
  const order = stratifiedOrder(membersOfClasses('stratifiedSplit', labels), generator);
  return cutIntoParts(order, parts).map((indices) => new Subset(dataset, indices));
}
