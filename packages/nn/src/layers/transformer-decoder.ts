import type { ShapeOf, Tensor } from '@gradtape/autograd';
import { Module } from '../module.ts';
import type { ModuleList } from './module-list.ts';
import type { DecoderMasks, TransformerDecoderLayer } from './transformer-decoder-layer.ts';
import { clones } from './transformer-layer.ts';

export interface TransformerDecoderOptions {
  /** What comes after the last layer, such as a `LayerNorm`: of use with `normFirst`. Default: nothing. */
  readonly norm?: Module | null;
}

/**
 * Decoder layers one after the other, which all attend to the same memory. They are copies of the one given, so they all
 * start with its parameters, as in PyTorch.
 *
 * @example
 * const layer = new TransformerDecoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * new TransformerDecoder(layer, 6).forward(zeros([4, 3, 8]), zeros([4, 5, 8])).shape; // [4, 3, 8]
 */
export class TransformerDecoder extends Module {
  readonly layers: ModuleList<TransformerDecoderLayer>;
  readonly norm: Module | null;

  constructor(
    decoderLayer: TransformerDecoderLayer,
    numLayers: number,
    { norm = null }: TransformerDecoderOptions = {},
  ) {
    super();
    this.layers = clones('TransformerDecoder', decoderLayer, numLayers);
    this.norm = norm;
  }

  override forward<T extends Tensor>(tgt: T, memory: Tensor, masks: DecoderMasks = {}): Tensor<ShapeOf<T>> {
    let x: Tensor = tgt;
    for (const layer of this.layers) x = layer.forward(x, memory, masks);
    return this.norm === null ? x : this.norm.forward(x);
  }
}
