import type { Collated } from './collate.ts';
import { checkIndex, type Dataset } from './dataset.ts';
import { readBatch } from './read-batch.ts';

/**
 * The samples of a dataset at some of its indices, in their order.
 *
 * @example
 * const all = new TensorDataset(tensor([10, 20, 30]));
 * const lastTwo = new Subset(all, [2, 1]);
 * lastTwo.get(0)[0].item(); // 30
 */
export class Subset<Sample> implements Dataset<Sample> {
  readonly dataset: Dataset<Sample>;
  readonly indices: Int32Array;

  /** @throws GradtapeError if the dataset has no sample at one of the indices. */
  constructor(dataset: Dataset<Sample>, indices: Iterable<number>) {
    const chosen = [...indices];
    for (const index of chosen) checkIndex('Subset', index, dataset.length);
    this.dataset = dataset;
    this.indices = Int32Array.from(chosen);
  }

  get length(): number {
    return this.indices.length;
  }

  /** @throws GradtapeError if there is no such sample. */
  get(index: number): Sample {
    return this.dataset.get(this.#indexAt(index));
  }

  batch(indices: Int32Array): Collated<Sample> {
    return readBatch(
      this.dataset,
      indices.map((index) => this.#indexAt(index)),
    );
  }

  #indexAt(index: number): number {
    checkIndex('Subset.get', index, this.length);
    return this.indices[index] as number;
  }
}
