import {
  concat,
  dropout,
  GradtapeError,
  linear,
  logicalNot,
  Parameter,
  pad,
  scaledDotProductAttention,
  softmax,
  type Tensor,
  zeros,
} from '@gradtape/autograd';
import { constant, xavierNormal, xavierUniform } from '../init.ts';
import type { CreationOptions, IfPresent } from '../layer.ts';
import { Module } from '../module.ts';
import { showArguments } from '../written-arguments.ts';
import { type AttentionMasks, addedBy, combineMasks } from './attention-masks.ts';
import { checkProbability } from './check-probability.ts';
import { Linear } from './linear.ts';

export interface MultiheadAttentionOptions extends CreationOptions {
  /** The probability with which an attention weight is dropped while training. Default: 0. */
  readonly dropout?: number;
  /** Whether the projections add biases. Default: true. */
  readonly bias?: boolean;
  /** Whether a key and a value that are learned come after those given. Default: false. */
  readonly addBiasKv?: boolean;
  /** Whether a key and a value of zeros come after those given. Default: false. */
  readonly addZeroAttn?: boolean;
  /** The last size of the keys. Default: `embedDim`. */
  readonly kdim?: number | null;
  /** The last size of the values. Default: `embedDim`. */
  readonly vdim?: number | null;
  /** Whether inputs are `[N, length, …]` rather than `[length, N, …]`. Default: false. */
  readonly batchFirst?: boolean;
}

export interface AttentionOptions<Weights extends boolean = boolean> extends AttentionMasks {
  /** Whether the weights are returned, too. Default: true. */
  readonly needWeights?: Weights;
  /** Whether the weights that are returned are the mean over the heads. Default: true. */
  readonly averageAttnWeights?: boolean;
}

/**
 * Attention in several heads: `concat(head₁, …, headₕ) Wᵒ`, where each head attends with projections of its own of queries,
 * keys and values. Vaswani et al., "Attention is all you need", 2017.
 *
 * With `needWeights: false` a query that may attend to nothing gets zeros before the last projection; otherwise NaN, as in
 * PyTorch.
 *
 * @example
 * const attention = new MultiheadAttention(8, 2, { batchFirst: true });
 * const x = zeros([4, 5, 8]);
 * const [output, weights] = attention.forward(x, x, x, { isCausal: true });
 * output.shape; // [4, 5, 8]
 * weights.shape; // [4, 5, 5]
 */
export class MultiheadAttention extends Module {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly headDim: number;
  readonly kdim: number;
  readonly vdim: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly addZeroAttn: boolean;
  /** The projections of queries, keys and values, one below the other: `[3 embedDim, embedDim]`; null if `kdim` or `vdim` differ. */
  readonly inProjWeight: Parameter | null;
  /** `[embedDim, embedDim]`; null where `inProjWeight` is not. */
  readonly qProjWeight: Parameter | null;
  /** `[embedDim, kdim]`; null where `inProjWeight` is not. */
  readonly kProjWeight: Parameter | null;
  /** `[embedDim, vdim]`; null where `inProjWeight` is not. */
  readonly vProjWeight: Parameter | null;
  /** `[3 embedDim]`, starts at zero; null with `{ bias: false }`. */
  readonly inProjBias: Parameter | null;
  /** `[1, 1, embedDim]`; null without `addBiasKv`. */
  readonly biasK: Parameter | null;
  /** `[1, 1, embedDim]`; null without `addBiasKv`. */
  readonly biasV: Parameter | null;
  readonly outProj: Linear<number, number, boolean>;
  readonly #written: readonly unknown[];

  /** @throws GradtapeError if the heads do not share `embedDim` evenly, or `dropout` is no probability. */
  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    const { dropout: p = 0, bias = true, addBiasKv = false, addZeroAttn = false, batchFirst = false } = options;
    checkHeads(embedDim, numHeads);
    checkProbability('MultiheadAttention', 'dropout', p);
    this.#written = [embedDim, numHeads, options];
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.headDim = embedDim / numHeads;
    this.kdim = options.kdim ?? embedDim;
    this.vdim = options.vdim ?? embedDim;
    this.dropout = p;
    this.batchFirst = batchFirst;
    this.addZeroAttn = addZeroAttn;
    const { dtype, generator } = options;
    const projection = (rows: number, columns: number): Parameter => {
      const weight = new Parameter(zeros([rows, columns], { dtype }));
      xavierUniform(weight, { generator });
      return weight;
    };
    const extra = (): Parameter | null => {
      if (!addBiasKv) return null;
      const row = new Parameter(zeros([1, 1, embedDim], { dtype }));
      xavierNormal(row, { generator });
      return row;
    };
    const together = this.kdim === embedDim && this.vdim === embedDim;
    this.inProjWeight = together ? projection(3 * embedDim, embedDim) : null;
    this.qProjWeight = together ? null : projection(embedDim, embedDim);
    this.kProjWeight = together ? null : projection(embedDim, this.kdim);
    this.vProjWeight = together ? null : projection(embedDim, this.vdim);
    this.inProjBias = bias ? new Parameter(zeros([3 * embedDim], { dtype })) : null;
    this.biasK = extra();
    this.biasV = extra();
    this.outProj = new Linear(embedDim, embedDim, { bias, dtype, generator });
    if (this.outProj.bias !== null) constant(this.outProj.bias, 0);
  }

  /**
   * @param query `[L, N, embedDim]`, or `[L, embedDim]` without a batch.
   * @param key `[S, N, kdim]`, or `[S, kdim]`.
   * @param value `[S, N, vdim]`, or `[S, vdim]`.
   * @returns What comes out, of the query's shape, and the attention weights: `[N, L, S]` (the mean of the heads), or
   *   `[N, numHeads, L, S]`, or null.
   * @throws GradtapeError if shapes or dtypes do not fit.
   */
  forward<Weights extends boolean = true>(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttentionOptions<Weights> = {},
  ): [output: Tensor, weights: IfPresent<Weights, Tensor>] {
    this.#checkDTypes(query, key, value);
    this.#checkSizes(query, key, value);
    const batched = query.rank === 3;
    const batchDim = this.batchFirst ? 0 : 1;
    const withBatch = (x: Tensor): Tensor => (batched ? x : x.unsqueeze(batchDim));
    const [queries, keys, values] = this.#project(withBatch(query), withBatch(key), withBatch(value));
    const { needWeights = true as Weights, averageAttnWeights = true } = options;
    const lengthDim = batched && this.batchFirst ? 1 : 0;
    const forbidden = combineMasks(options, {
      batched,
      samples: queries.shape[0],
      heads: this.numHeads,
      queries: query.shape[lengthDim],
      keys: key.shape[lengthDim],
      dtype: query.dtype,
    });
    const [heads, weights] = this.#attend(queries, keys, values, forbidden, needWeights);
    const joined = heads.permute(this.batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3]).flatten(2);
    const output = this.outProj.forward(joined);
    const ofHeads = weights && (averageAttnWeights ? weights.mean(1) : weights);
    const result = [batched ? output : output.squeeze(batchDim), ofHeads && (batched ? ofHeads : ofHeads.squeeze(0))];
    return result as [Tensor, IfPresent<Weights, Tensor>];
  }

  protected override describe(): string {
    return showArguments(this.#written);
  }

  /** Queries, keys and values as `[N, numHeads, length, headDim]`, with the keys and values that are added to those given. */
  #project(...inputs: readonly [query: Tensor, key: Tensor, value: Tensor]): Tensor[] {
    const { embedDim, inProjWeight, inProjBias } = this;
    const own = [this.qProjWeight, this.kProjWeight, this.vProjWeight] as Tensor[];
    const weights = inProjWeight === null ? own : inProjWeight.split(embedDim, 0);
    const biases = inProjBias?.split(embedDim, 0);
    const extras = [null, this.biasK, this.biasV];
    return inputs.map((x, i) => {
      const projected = this.#append(linear(x, weights[i], biases?.[i]), extras[i]);
      const apart = projected.reshape([...projected.shape.slice(0, 2), this.numHeads, this.headDim]);
      const heads = apart.permute(this.batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3]);
      return this.addZeroAttn && i > 0 ? pad(heads, [0, 0, 0, 1]) : heads;
    });
  }

  #append(x: Tensor, extra: Tensor | null): Tensor {
    if (extra === null) return x;
    const [first, second] = x.shape;
    return this.batchFirst
      ? concat([x, extra.expand([first, 1, -1])], 1)
      : concat([x, extra.expand([1, second, -1])], 0);
  }

  #attend(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    forbidden: Tensor | null,
    needWeights: boolean,
  ): [heads: Tensor, weights: Tensor | null] {
    const dropoutP = this.training ? this.dropout : 0;
    // Nothing is forbidden of the keys that were added.
    const mask = forbidden && pad(forbidden, [0, keys.shape[2] - forbidden.shape[3]]);
    if (!needWeights) {
      const attnMask = mask?.dtype === 'bool' ? logicalNot(mask) : mask;
      return [scaledDotProductAttention(queries, keys, values, { attnMask, dropoutP }), null];
    }
    const scores = queries.mul(1 / Math.sqrt(this.headDim)).matmul(keys.transpose(-2, -1));
    const masked = mask === null ? scores : scores.add(addedBy(mask, scores.dtype));
    const weights = dropout(softmax(masked, -1), dropoutP);
    return [weights.matmul(values), weights];
  }

  #checkDTypes(...inputs: readonly Tensor[]): void {
    const { dtype } = this.outProj.weight;
    if (inputs.every((x) => x.dtype === dtype)) return;
    throw new GradtapeError('MultiheadAttention: not the dtype of the parameters', {
      got: `query, key and value of ${inputs.map((x) => x.dtype).join(', ')}`,
      needs: dtype,
      fix: `convert the inputs, x.to('${dtype}'), or the layer`,
    });
  }

  #checkSizes(query: Tensor, key: Tensor, value: Tensor): void {
    const { batchFirst, embedDim, kdim, vdim } = this;
    const rank = query.rank;
    const sizes = [embedDim, kdim, vdim];
    const fit = [query, key, value].every((x, i) => x.rank === rank && x.shape[rank - 1] === sizes[i]);
    const lengthDim = rank === 3 && batchFirst ? 1 : 0;
    const asMany = key.shape[lengthDim] === value.shape[lengthDim];
    const batchDim = batchFirst ? 0 : 1;
    const oneBatch = rank === 2 || [key, value].every((x) => x.shape[batchDim] === query.shape[batchDim]);
    if ((rank === 2 || rank === 3) && fit && asMany && oneBatch) return;
    const order = (length: string, last: number): string =>
      rank === 2 ? `[${length}, ${last}]` : batchFirst ? `[N, ${length}, ${last}]` : `[${length}, N, ${last}]`;
    throw new GradtapeError('MultiheadAttention: the inputs do not fit', {
      got: `query ${showShape(query)}, key ${showShape(key)}, value ${showShape(value)}`,
      needs: `query ${order('L', embedDim)}, key ${order('S', kdim)}, value ${order('S', vdim)}, all with a batch or none`,
      fix: batchFirst
        ? 'check the order of the dims'
        : '{ batchFirst: true } takes [N, length, …]; kdim and vdim are for keys and values of other sizes',
    });
  }
}

function checkHeads(embedDim: number, numHeads: number): void {
  if (Number.isInteger(numHeads) && numHeads >= 1 && embedDim >= 1 && embedDim % numHeads === 0) return;
  throw new GradtapeError('MultiheadAttention: the heads do not share embedDim evenly', {
    got: `embedDim ${embedDim} for ${numHeads} heads`,
    needs: 'a size that is a multiple of the number of heads',
    fix: 'each head has embedDim / numHeads entries: change one of both',
  });
}

function showShape({ shape }: Tensor): string {
  return `[${shape.join(', ')}]`;
}
