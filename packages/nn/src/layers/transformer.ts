import { type DType, full, type ShapeOf, type Tensor, triu } from '@gradtape/autograd';
import { xavierUniform } from '../init.ts';
import { Module } from '../module.ts';
import { LayerNorm } from './layer-norm.ts';
import { TransformerDecoder } from './transformer-decoder.ts';
import { type DecoderMasks, TransformerDecoderLayer } from './transformer-decoder-layer.ts';
import { TransformerEncoder } from './transformer-encoder.ts';
import { type EncoderLayerMasks, TransformerEncoderLayer } from './transformer-encoder-layer.ts';
import type { TransformerLayerOptions } from './transformer-layer.ts';

export interface TransformerOptions extends TransformerLayerOptions {
  /** Default: 512. */
  readonly dModel?: number;
  /** The number of heads. Default: 8. */
  readonly nhead?: number;
  /** Default: 6. */
  readonly numEncoderLayers?: number;
  /** Default: 6. */
  readonly numDecoderLayers?: number;
  /** In place of the encoder. */
  readonly customEncoder?: Module | null;
  /** In place of the decoder. */
  readonly customDecoder?: Module | null;
}

/** The masks of {@link TransformerEncoderLayer} and {@link TransformerDecoderLayer}. */
export interface TransformerMasks extends Omit<EncoderLayerMasks, 'isCausal'>, DecoderMasks {
  /** Whether a place of the source attends to those before it, and to itself, only. Default: false. */
  readonly srcIsCausal?: boolean;
}

/**
 * An encoder and a decoder that attends to what it gives, each normalized at its end. Weights start as with `xavierUniform`.
 * Vaswani et al., "Attention is all you need", 2017.
 *
 * @example
 * const model = new Transformer({ dModel: 8, nhead: 2, dimFeedforward: 16, batchFirst: true });
 * model.forward(zeros([4, 5, 8]), zeros([4, 3, 8]), { tgtIsCausal: true }).shape; // [4, 3, 8]
 */
export class Transformer extends Module {
  readonly encoder: Module;
  readonly decoder: Module;

  constructor(options: TransformerOptions = {}) {
    super();
    const { dModel = 512, nhead = 8, numEncoderLayers = 6, numDecoderLayers = 6, ...rest } = options;
    const { customEncoder = null, customDecoder = null, ...ofLayers } = rest;
    const { layerNormEps: eps, bias = true, dtype, generator } = options;
    const norm = (): LayerNorm<number, true, boolean> => new LayerNorm(dModel, { eps, bias, dtype });
    this.encoder =
      customEncoder ??
      new TransformerEncoder(new TransformerEncoderLayer(dModel, nhead, ofLayers), numEncoderLayers, { norm: norm() });
    this.decoder =
      customDecoder ??
      new TransformerDecoder(new TransformerDecoderLayer(dModel, nhead, ofLayers), numDecoderLayers, { norm: norm() });
    for (const parameter of this.parameters()) if (parameter.rank > 1) xavierUniform(parameter, { generator });
  }

  /**
   * @param src `[source, N, dModel]`, with `batchFirst` `[N, source, dModel]`, or `[source, dModel]`.
   * @param tgt `[target, N, dModel]`, with `batchFirst` `[N, target, dModel]`, or `[target, dModel]`.
   * @returns A tensor of the shape of `tgt`.
   * @throws GradtapeError if shapes or dtypes do not fit.
   */
  override forward<T extends Tensor>(src: Tensor, tgt: T, masks: TransformerMasks = {}): Tensor<ShapeOf<T>> {
    const { srcMask: mask, srcKeyPaddingMask, srcIsCausal: isCausal, ...ofDecoder } = masks;
    const memory: Tensor = this.encoder.forward(src, { mask, srcKeyPaddingMask, isCausal });
    return this.decoder.forward(tgt, memory, ofDecoder);
  }

  /** What is added to scores so that a place attends to those before it, and to itself, only: 0, and -Infinity above the diagonal. */
  static generateSquareSubsequentMask(size: number, { dtype }: { readonly dtype?: DType } = {}): Tensor {
    return triu(full([size, size], -Infinity, { dtype }), 1);
  }
}
