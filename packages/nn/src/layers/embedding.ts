import {
  type EmbeddingOptions,
  type Entering,
  embedding,
  fromArray,
  Generator,
  GradtapeError,
  isFloating,
  Parameter,
  type Shape,
  type Tensor,
  zeros,
} from '@gradtape/autograd';
import { normal } from '../init.ts';
import { type CreationOptions, Layer } from '../layer.ts';
import { limitRows, type RowLimitOptions } from './limit-rows.ts';

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    /** `[…]` to `[…, Features]`. */
    embedding: P extends [infer Features extends number] ? [...S, Features] : Shape;
  }
}

export interface EmbeddingLayerOptions extends EmbeddingOptions, RowLimitOptions, CreationOptions {}

export interface PretrainedOptions extends EmbeddingOptions, RowLimitOptions {
  /** Whether the table is not trained. Default: true. */
  readonly freeze?: boolean;
}

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
  readonly #limit: RowLimitOptions;

  constructor(numEmbeddings: Count, embeddingDim: Features, options: EmbeddingLayerOptions = {}) {
    super(numEmbeddings, embeddingDim, options);
    const { dtype, generator, maxNorm, normType, ...rest } = options;
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.#options = rest;
    this.#limit = { maxNorm, normType };
    this.weight = new Parameter(zeros([numEmbeddings, embeddingDim], { dtype }));
    normal(this.weight, 0, 1, { generator });
    if (typeof rest.paddingIdx === 'number') clearRow('Embedding', this.weight, rest.paddingIdx);
  }

  /**
   * A table of vectors that are given; frozen, unless said otherwise.
   *
   * @param embeddings `[numEmbeddings, embeddingDim]`, floating dtype.
   * @throws GradtapeError if it is no such matrix, or there is no row `paddingIdx`.
   * @example
   * const layer = Embedding.fromPretrained(tensor([[1, 2.5], [4, 5]]));
   * layer.forward(tensor([1], { dtype: 'int32' })); // [[4, 5]]
   */
  static fromPretrained(embeddings: Tensor, { freeze = true, ...options }: PretrainedOptions = {}): Embedding {
    if (embeddings.rank !== 2 || !isFloating(embeddings.dtype)) failOnTable(embeddings);
    const [rows, columns] = embeddings.shape;
    // A generator of its own: what is drawn is replaced.
    const creation = { dtype: embeddings.dtype as 'float32' | 'float64', generator: new Generator(0) };
    const layer: Embedding = new Embedding(rows, columns, { ...options, ...creation });
    layer.weight.assign(embeddings.detach());
    layer.weight.requiresGrad = !freeze;
    return layer;
  }

  protected override compute(indices: Tensor): Tensor {
    limitRows(this.weight, indices, this.#limit);
    return embedding(indices, this.weight, this.#options);
  }
}

function failOnTable({ shape, dtype }: Tensor): never {
  throw new GradtapeError('Embedding.fromPretrained: no table of vectors', {
    got: `[${shape.join(', ')}] ${dtype}`,
    needs: '[numEmbeddings, embeddingDim] float32 or float64',
    fix: 'one row for each word',
  });
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
