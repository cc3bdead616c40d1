import type { Sampler } from './sampler.ts';

/**
 * The samples in their own order.
 *
 * @example
 * [...new SequentialSampler(new TensorDataset(tensor([5, 6, 7])))]; // [0, 1, 2]
 */
export class SequentialSampler implements Sampler {
  readonly dataset: { readonly length: number };

  /** @param dataset - what has the samples; only its length matters. */
  constructor(dataset: { readonly length: number }) {
    this.dataset = dataset;
  }

  get length(): number {
    return this.dataset.length;
  }

  [Symbol.iterator](): Iterator<number> {
    return Array(this.length).keys();
  }
}
