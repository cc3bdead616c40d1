import {
  type EmbeddingBagOptions,
  type Entering,
  embeddingBag,
  Parameter,
  type Tensor,
  zeros,
} from '@gradtape/autograd';
import { normal } from '../init.ts';
import type { CreationOptions } from '../layer.ts';
import { Module } from '../module.ts';
import { showArguments } from '../written-arguments.ts';
import { clearRow } from './embedding.ts';
import { limitRows, type RowLimitOptions } from './limit-rows.ts';

export interface EmbeddingBagLayerOptions
  extends Omit<EmbeddingBagOptions, 'perSampleWeights'>,
    RowLimitOptions,
    CreationOptions {}

/**
 * A table of vectors that are looked up in bags, each of which is reduced to one vector: `embeddingBag` with a weight
 * `[numEmbeddings, embeddingDim]` that starts normally distributed; the row of `paddingIdx` starts at zero, gets no gradient
 * and does not count.
 *
 * @throws GradtapeError if there is no row `paddingIdx`; on a call as `embeddingBag`.
 * @example
 * const bags = new EmbeddingBag(10, 3, { mode: 'sum' });
 * const indices = tensor([1, 2, 4, 5], { dtype: 'int32' });
 * bags.forward(indices, tensor([0, 3], { dtype: 'int32' })).shape; // [2, 3]
 */
export class EmbeddingBag<Count extends number = number, Features extends number = number> extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly weight: Parameter<Entering<[Count, Features]>>;
  readonly #options: EmbeddingBagOptions;
  readonly #limit: RowLimitOptions;
  readonly #written: readonly unknown[];

  constructor(numEmbeddings: Count, embeddingDim: Features, options: EmbeddingBagLayerOptions = {}) {
    super();
    const { dtype, generator, maxNorm, normType, ...rest } = options;
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.#options = rest;
    this.#limit = { maxNorm, normType };
    this.#written = [numEmbeddings, embeddingDim, options];
    this.weight = new Parameter(zeros([numEmbeddings, embeddingDim], { dtype }));
    normal(this.weight, 0, 1, { generator });
    if (typeof rest.paddingIdx === 'number') clearRow('EmbeddingBag', this.weight, rest.paddingIdx);
  }

  /**
   * @param indices `[bags, size]`, or `[count]` with `offsets` `[bags]`.
   * @param perSampleWeights A factor for each index; only for the mode `sum`.
   */
  override forward(indices: Tensor, offsets: Tensor | null = null, perSampleWeights: Tensor | null = null): Tensor {
    limitRows(this.weight, indices, this.#limit);
    return embeddingBag(indices, this.weight, offsets, { ...this.#options, perSampleWeights });
  }

  protected override describe(): string {
    return showArguments(this.#written);
  }
}
