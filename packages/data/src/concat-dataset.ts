import { GradtapeError } from '@gradtape/autograd';
import { checkIndex, type Dataset } from './dataset.ts';

/**
 * The samples of several datasets, one dataset after the other.
 *
 * @example
 * const both = new ConcatDataset([new ListDataset(['a', 'b']), new ListDataset(['c'])]);
 * both.get(2); // 'c'
 */
export class ConcatDataset<Sample> implements Dataset<Sample> {
  readonly datasets: readonly Dataset<Sample>[];

  /** @throws GradtapeError if there is no dataset, or one of them cannot be counted. */
  constructor(datasets: Iterable<Dataset<Sample>>) {
    this.datasets = [...datasets];
    const odd = this.datasets.findIndex((dataset) => typeof dataset?.get !== 'function');
    if (this.datasets.length > 0 && odd < 0) return;
    throw new GradtapeError('ConcatDataset: there is nothing to put one after the other', {
      got: odd < 0 ? 'no datasets' : `a dataset without get(index) in place ${odd}`,
      needs: 'at least one dataset, each with length and get(index)',
      fix: odd < 0 ? 'pass the datasets as a list' : 'collect what can only be iterated: new ListDataset([...source])',
    });
  }

  get length(): number {
    return this.datasets.reduce((sum, dataset) => sum + dataset.length, 0);
  }

  /** @throws GradtapeError if there is no such sample. */
  get(index: number): Sample {
    checkIndex('ConcatDataset.get', index, this.length);
    let place = index;
    let at = 0;
    for (; place >= this.#lengthOf(at); at++) place -= this.#lengthOf(at);
    return this.datasets[at].get(place);
  }

  #lengthOf(at: number): number {
    return this.datasets[at].length;
  }
}
