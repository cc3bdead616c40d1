import { Generator, GradtapeError, gelu, relu, type Tensor } from '@gradtape/autograd';
import type { CreationOptions } from '../layer.ts';
import { Module } from '../module.ts';
import { Dropout } from './dropout.ts';
import { LayerNorm } from './layer-norm.ts';
import { Linear } from './linear.ts';
import { ModuleList } from './module-list.ts';
import { type AttentionOptions, MultiheadAttention } from './multihead-attention.ts';

export interface TransformerLayerOptions extends CreationOptions {
  /** The size between the two linear layers. Default: 2048. */
  readonly dimFeedforward?: number;
  /** The probability with which entries and attention weights are dropped while training. Default: 0.1. */
  readonly dropout?: number;
  /** What is between the two linear layers. Default: `'relu'`. */
  readonly activation?: 'relu' | 'gelu' | ((x: Tensor) => Tensor);
  /** Added to the variance by the normalizations. Default: 1e-5. */
  readonly layerNormEps?: number;
  /** Whether inputs are `[N, length, dModel]` rather than `[length, N, dModel]`. Default: false. */
  readonly batchFirst?: boolean;
  /** Whether each part normalizes what goes in rather than what comes out. Default: false. Xiong et al., 2020. */
  readonly normFirst?: boolean;
  /** Whether linear layers and normalizations add biases. Default: true. */
  readonly bias?: boolean;
}

/** What the layers of encoder and decoder have in common: attention to themselves, two linear layers, and residual paths. */
export abstract class TransformerLayer extends Module {
  readonly dModel: number;
  readonly nhead: number;
  readonly normFirst: boolean;
  // In PyTorch's order, by which optimizers number parameters.
  readonly selfAttn: MultiheadAttention;
  /** Attention to the memory; null in the layers of an encoder. */
  readonly multiheadAttn: MultiheadAttention | null;
  readonly linear1: Linear<number, number, boolean>;
  readonly dropout: Dropout;
  readonly linear2: Linear<number, number, boolean>;
  readonly norm1: LayerNorm<number, true, boolean>;
  readonly norm2: LayerNorm<number, true, boolean>;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly #options: TransformerLayerOptions;
  readonly #activation: (x: Tensor) => Tensor;

  /** @throws GradtapeError if the heads do not share `dModel` evenly, or an option is out of range. */
  constructor(dModel: number, nhead: number, options: TransformerLayerOptions, hasMemory: boolean) {
    super();
    const { dimFeedforward = 2048, bias = true, activation = 'relu', normFirst = false, dtype, generator } = options;
    this.#options = options;
    this.#activation = activationOf(this.constructor.name, activation);
    this.dModel = dModel;
    this.nhead = nhead;
    this.normFirst = normFirst;
    this.selfAttn = this.#newAttention();
    this.multiheadAttn = hasMemory ? this.#newAttention() : null;
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype, generator });
    this.dropout = this.newDropout();
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype, generator });
    this.norm1 = this.newNorm();
    this.norm2 = this.newNorm();
    this.dropout1 = this.newDropout();
    this.dropout2 = this.newDropout();
  }

  #newAttention(): MultiheadAttention {
    const { dropout = 0.1, bias, batchFirst, dtype, generator } = this.#options;
    return new MultiheadAttention(this.dModel, this.nhead, { dropout, bias, batchFirst, dtype, generator });
  }

  protected newNorm(): LayerNorm<number, true, boolean> {
    const { layerNormEps: eps, bias = true, dtype } = this.#options;
    return new LayerNorm(this.dModel, { eps, bias, dtype });
  }

  protected newDropout(): Dropout {
    return new Dropout(this.#options.dropout ?? 0.1);
  }

  /** Another layer with the same options, whose parameters start with what these hold now. */
  clone(): this {
    const kind = this.constructor as new (dModel: number, nhead: number, options: TransformerLayerOptions) => this;
    // A generator of its own: what is drawn is replaced.
    const copy = new kind(this.dModel, this.nhead, { ...this.#options, generator: new Generator(0) });
    copy.to(this.linear1.weight.dtype as 'float32' | 'float64').loadStateDict(this.stateDict());
    const frozen = new Set(this.namedParameters().flatMap(([name, { requiresGrad }]) => (requiresGrad ? [] : [name])));
    for (const [name, parameter] of copy.namedParameters()) parameter.requiresGrad = !frozen.has(name);
    return copy.train(this.training);
  }

  /** What a part makes of `x`, added to `x`, and normalized before or after. */
  protected residual(x: Tensor, norm: Module, dropout: Dropout, part: (x: Tensor) => Tensor): Tensor {
    const add = (y: Tensor): Tensor => x.add(dropout.forward(y));
    return this.normFirst ? add(part(norm.forward(x))) : norm.forward(add(part(x)));
  }

  /** Attention of each place to all. */
  protected attendToSelf(x: Tensor, options: AttentionOptions): Tensor {
    return this.selfAttn.forward(x, x, x, { ...options, needWeights: false })[0];
  }

  /** The two linear layers, at each place by itself. */
  protected feedForward(x: Tensor): Tensor {
    return this.linear2.forward(this.dropout.forward(this.#activation(this.linear1.forward(x))));
  }
}

function activationOf(layer: string, activation: TransformerLayerOptions['activation']): (x: Tensor) => Tensor {
  if (typeof activation === 'function') return activation;
  if (activation === 'relu') return relu;
  if (activation === 'gelu') return (x) => gelu(x);
  throw new GradtapeError(`${layer}: no such activation`, {
    got: `'${activation}'`,
    needs: "'relu', 'gelu' or a function of a tensor",
    fix: 'pass the function itself: { activation: silu }',
  });
}

/** Copies of a layer. */
export function clones<L extends TransformerLayer>(stack: string, layer: L, count: number): ModuleList<L> {
  if (!(layer instanceof TransformerLayer) || !Number.isInteger(count) || count < 1) {
    throw new GradtapeError(`${stack}: not a layer and a number of layers`, {
      got: `${layer instanceof Module ? layer.constructor.name : typeof layer} and ${count}`,
      needs: `a ${stack}Layer and a whole number from 1`,
      fix: `new ${stack}(new ${stack}Layer(512, 8), 6)`,
    });
  }
  return new ModuleList(Array.from({ length: count }, () => layer.clone()));
}
