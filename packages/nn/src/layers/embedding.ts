import {
  type EmbeddingOptions,
  type Entering,
  embedding,
  fromArray,
  GradtapeError,
  Parameter,
  type Shape,
  type Tensor,
  zeros,
} from '@gradtape/autograd';
import { normal } from '../init.ts';
import { type CreationOptions, Layer } from '../layer.ts';

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    /** `[…]` to `[…, Features]`. */
    embedding: P extends [infer Features extends number] ? [...S, Features] : Shape;
  }
}

export interface EmbeddingLayerOptions extends EmbeddingOptions, CreationOptions {}

/**
 * A table of vectors that are looked up: from indices `[…]` (dtype int32, 0 to `numEmbeddings - 1`) to
 * `[…, embeddingDim]`. The weight has shape `[numEmbeddings, embeddingDim]` and starts normally distributed; the row of
 * `paddingIdx` starts at zero and gets no gradient.
 *
 * @throws GradtapeError if there is no row `paddingIdx`.
 * @example
 * new Embedding(10, 3).forward(tensor([[1, 2], [4, 5]], { dtype: 'int32' })).shape; // [2, 2, 3]
 */
export class Embedding<Count extends number = number, Features extends number = number> extends Layer<{
  kind: 'embedding';
  sizes: [Features];
}> {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly weight: Parameter<Entering<[Count, Features]>>;
  readonly #options: EmbeddingOptions;

  constructor(numEmbeddings: Count, embeddingDim: Features, options: EmbeddingLayerOptions = {}) {
    super(numEmbeddings, embeddingDim, options);
    const { dtype, generator, ...rest } = options;
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.#options = rest;
    this.weight = new Parameter(zeros([numEmbeddings, embeddingDim], { dtype }));
    normal(this.weight, 0, 1, { generator });
    if (typeof rest.paddingIdx === 'number') clearRow('Embedding', this.weight, rest.paddingIdx);
  }

  protected override compute(indices: Tensor): Tensor {
    return embedding(indices, this.weight, this.#options);
  }
}

/** Makes the row for padding zero. Throws if there is none such. */
export function clearRow(layer: string, weight: Parameter, index: number): void {
  const [rows, columns] = weight.shape;
  if (!Number.isInteger(index) || index < -rows || index >= rows) {
    throw new GradtapeError(`${layer}: no such row for padding`, {
      got: `paddingIdx ${index} for ${rows} rows`,
      needs: `a whole number from ${-rows} to ${rows - 1}`,
      fix: 'make room for it: one row more than there are words',
    });
  }
  const entries = weight.value.toTypedArray();
  const row = index < 0 ? index + rows : index;
  weight.assign(fromArray(entries.fill(0, row * columns, (row + 1) * columns), weight.shape));
}
