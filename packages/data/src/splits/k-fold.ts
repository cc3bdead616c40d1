import { defaultGenerator, GradtapeError } from '@gradtape/autograd';
import type { Dataset } from '../dataset.ts';
import { checkLabels, type Labels, membersOfClasses } from '../labels.ts';
import type { SeededOptions } from '../samplers/seeded-sampler.ts';
import { Subset } from '../subset.ts';
import { cutIntoParts } from './cut-into-parts.ts';

export interface KFoldOptions extends SeededOptions {
  /** Whether the samples of a fold are drawn; if not, they lie together. Default: false. */
  readonly shuffle?: boolean;
}

/** A fold to validate with, and all other samples to train with; both in the dataset's order. */
export interface Fold<Sample> {
  readonly train: Subset<Sample>;
  readonly test: Subset<Sample>;
}

/**
 * Divides a dataset into `folds` parts of equal size, to one sample, and gives for each of them what cross-validation
 * needs. The first parts are those that are larger. Source: scikit-learn's `KFold`.
 *
 * @throws GradtapeError if `folds` is not a whole number from 2 to the number of samples.
 * @example
 * const [first] = kFold(new TensorDataset(tensor([1, 2, 3, 4, 5])), 2);
 * [...first.test.indices]; // [0, 1, 2]
 * [...first.train.indices]; // [3, 4]
 */
export function kFold<Sample>(dataset: Dataset<Sample>, folds: number, options: KFoldOptions = {}): Fold<Sample>[] {
  checkFolds('kFold', folds, dataset.length, 'samples');
  return foldsOf(dataset, foldOfEach(dataset.length, folds, options), folds);
}

/**
 * As `kFold`, but each fold holds every class's share of the samples, to one sample; the folds' sizes differ by at most
 * one for each class.
 *
 * @param labels - the class of each sample: a list, or a tensor of shape [samples].
 * @throws GradtapeError if `folds` is not a whole number from 2 to the number of samples of the rarest class, or there are
 * not as many labels as samples.
 * @example
 * const labels = ['a', 'a', 'a', 'a', 'b', 'b'];
 * const [first] = stratifiedKFold(new ListDataset(labels), labels, 2);
 * [...first.test.indices]; // [0, 1, 4]
 */
export function stratifiedKFold<Sample>(
  dataset: Dataset<Sample>,
  labels: Labels,
  folds: number,
  options: KFoldOptions = {},
): Fold<Sample>[] {
  checkLabels('stratifiedKFold', labels, dataset.length);
  const classes = membersOfClasses('stratifiedKFold', labels);
  const rarest = Math.min(...classes.map((members) => members.length));
  checkFolds('stratifiedKFold', folds, classes.length === 0 ? 0 : rarest, 'samples of the rarest class');
  const fold = new Int32Array(dataset.length);
  // Each class begins where the last one ended, so that what does not divide evenly is spread over the folds.
  let begin = 0;
  for (const members of classes) {
    foldOfEach(members.length, folds, options).forEach((k, i) => {
      fold[members[i]] = (begin + k) % folds;
    });
    begin += members.length % folds;
  }
  return foldsOf(dataset, fold, folds);
}

/** The fold of each of so many samples. */
function foldOfEach(samples: number, folds: number, options: KFoldOptions): Int32Array {
  const { shuffle = false, generator = defaultGenerator() } = options;
  const order = shuffle ? generator.permutation(samples) : Int32Array.from({ length: samples }, (_, i) => i);
  const sizes = Array.from({ length: folds }, (_, k) => Math.ceil((samples - k) / folds));
  const fold = new Int32Array(samples);
  cutIntoParts(order, sizes).forEach((part, k) => {
    for (const i of part) fold[i] = k;
  });
  return fold;
}

function foldsOf<Sample>(dataset: Dataset<Sample>, foldOf: Int32Array, folds: number): Fold<Sample>[] {
  const all = [...foldOf.keys()];
  return Array.from({ length: folds }, (_, k) => ({
    train: new Subset(
      dataset,
      all.filter((i) => foldOf[i] !== k),
    ),
    test: new Subset(
      dataset,
      all.filter((i) => foldOf[i] === k),
    ),
  }));
}

function checkFolds(operation: string, folds: number, most: number, what: string): void {
  if (Number.isInteger(folds) && folds >= 2 && folds <= most) return;
  throw new GradtapeError(`${operation}: not a number of folds`, {
    got: `${folds} folds, and ${most} ${what}`,
    needs: 'a whole number from 2, and at least one sample for each fold',
    fix: 'usual are 5 or 10; leave out, or merge, classes of fewer samples',
  });
}
