import type { Dataset } from './dataset.ts';

/**
 * The samples of a dataset, each changed by `change` whenever it is asked for: where it draws random numbers, a sample
 * differs from epoch to epoch (augmentation).
 *
 * @example
 * const squares = mapDataset(new TensorDataset(tensor([1, 2, 3])), ([x]) => x.square());
 * squares.get(2).item(); // 9
 */
export function mapDataset<From, To>(dataset: Dataset<From>, change: (sample: From) => To): Dataset<To> {
  return {
    get length(): number {
      return dataset.length;
    },
    get: (index) => change(dataset.get(index)),
  };
}
