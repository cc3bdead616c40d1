import {
  type CosineSimilarityOptions,
  cosineSimilarity,
  type PairwiseDistanceOptions,
  pairwiseDistance,
  type Tensor,
} from '@gradtape/autograd';
import { Module } from '../module.ts';
import { showArguments } from '../written-arguments.ts';

/**
 * `cosineSimilarity` of two tensors along a dim, as a module.
 *
 * @example
 * new CosineSimilarity().forward(tensor([[3, 4]]), tensor([[4, 3]])); // [0.96]
 */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly #options: CosineSimilarityOptions;

  constructor(dim = 1, options: CosineSimilarityOptions = {}) {
    super();
    this.dim = dim;
    this.#options = options;
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    return cosineSimilarity(a, b, this.dim, this.#options);
  }

  protected override describe(): string {
    return showArguments([this.dim, this.#options]);
  }
}

/** `pairwiseDistance` of two tensors along the last dim, as a module. */
export class PairwiseDistance extends Module {
  readonly #options: PairwiseDistanceOptions;

  constructor(options: PairwiseDistanceOptions = {}) {
    super();
    this.#options = options;
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    return pairwiseDistance(a, b, this.#options);
  }

  protected override describe(): string {
    return showArguments([this.#options]);
  }
}
