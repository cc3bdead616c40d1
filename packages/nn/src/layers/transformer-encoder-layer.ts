import type { ShapeOf, Tensor } from '@gradtape/autograd';
import { TransformerLayer, type TransformerLayerOptions } from './transformer-layer.ts';

/** Masks of dtype bool are true where a place may NOT attend; those of a floating dtype are added to the scores. */
export interface EncoderLayerMasks {
  /** `[length, length]`, or `[N · nhead, length, length]`. Default: none. */
  readonly srcMask?: Tensor | null;
  /** Places that nobody attends to: `[N, length]`, or `[length]` without a batch. Default: none. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Whether a place attends to those before it, and to itself, only; beside `srcMask`, which then says so, it does nothing. */
  readonly isCausal?: boolean;
}

/**
 * Attention to all places and two linear layers at each, both on residual paths and normalized. From
 * `[length, N, dModel]` (or `[N, length, dModel]` with `batchFirst`, or `[length, dModel]`) to the same shape. Vaswani et
 * al., "Attention is all you need", 2017.
 *
 * @example
 * const layer = new TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * layer.forward(zeros([4, 5, 8]), { isCausal: true }).shape; // [4, 5, 8]
 */
export class TransformerEncoderLayer extends TransformerLayer {
  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super(dModel, nhead, options, false);
  }

  override forward<T extends Tensor>(src: T, masks: EncoderLayerMasks = {}): Tensor<ShapeOf<T>> {
    const { srcMask: attnMask, srcKeyPaddingMask: keyPaddingMask, isCausal } = masks;
    const options = { attnMask, keyPaddingMask, isCausal };
    const attended = this.residual(src, this.norm1, this.dropout1, (x) => this.attendToSelf(x, options));
    return this.residual(attended, this.norm2, this.dropout2, (x) => this.feedForward(x)) as Tensor<ShapeOf<T>>;
  }
}
