import type { ShapeOf, Tensor } from '@gradtape/autograd';
import { Module } from '../module.ts';
import type { ModuleList } from './module-list.ts';
import type { TransformerEncoderLayer } from './transformer-encoder-layer.ts';
import { clones } from './transformer-layer.ts';

export interface TransformerEncoderOptions {
  /** What comes after the last layer, such as a `LayerNorm`: of use with `normFirst`. Default: nothing. */
  readonly norm?: Module | null;
}

/** Masks of dtype bool are true where a place may NOT attend; those of a floating dtype are added to the scores. */
export interface EncoderMasks {
  /** `[length, length]`, or `[N · nhead, length, length]`. Default: none. */
  readonly mask?: Tensor | null;
  /** Places that nobody attends to: `[N, length]`, or `[length]` without a batch. Default: none. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Whether a place attends to those before it, and to itself, only; beside `mask`, which then says so, it does nothing. */
  readonly isCausal?: boolean;
}

/**
 * Encoder layers one after the other. They are copies of the one given, so they all start with its parameters, as in
 * PyTorch; `for (const layer of encoder.layers)` reaches them to draw others.
 *
 * @example
 * const layer = new TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * new TransformerEncoder(layer, 6).forward(zeros([4, 5, 8])).shape; // [4, 5, 8]
 */
export class TransformerEncoder extends Module {
  readonly layers: ModuleList<TransformerEncoderLayer>;
  readonly norm: Module | null;

  constructor(
    encoderLayer: TransformerEncoderLayer,
    numLayers: number,
    { norm = null }: TransformerEncoderOptions = {},
  ) {
    super();
    this.layers = clones('TransformerEncoder', encoderLayer, numLayers);
    this.norm = norm;
  }

  override forward<T extends Tensor>(src: T, masks: EncoderMasks = {}): Tensor<ShapeOf<T>> {
    const { mask: srcMask, srcKeyPaddingMask, isCausal } = masks;
    let x: Tensor = src;
    for (const layer of this.layers) x = layer.forward(x, { srcMask, srcKeyPaddingMask, isCausal });
    return this.norm === null ? x : this.norm.forward(x);
  }
}
