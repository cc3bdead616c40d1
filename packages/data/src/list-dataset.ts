import { checkIndex, type Dataset } from './dataset.ts';

/**
 * The entries of an array as samples.
 *
 * @example
 * const dataset = new ListDataset([{ x: tensor([1, 2]), label: 0 }, { x: tensor([3, 4]), label: 1 }]);
 * dataset.get(1).label; // 1
 */
export class ListDataset<Sample> implements Dataset<Sample> {
  readonly samples: readonly Sample[];

  constructor(samples: readonly Sample[]) {
    this.samples = samples;
  }

  get length(): number {
    return this.samples.length;
  }

  /** @throws GradtapeError if there is no such sample. */
  get(index: number): Sample {
    checkIndex('ListDataset.get', index, this.length);
    return this.samples[index];
  }
}
