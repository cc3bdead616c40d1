import type { ShapeOf, Tensor } from '@gradtape/autograd';
import type { Dropout } from './dropout.ts';
import type { LayerNorm } from './layer-norm.ts';
import type { MultiheadAttention } from './multihead-attention.ts';
import { TransformerLayer, type TransformerLayerOptions } from './transformer-layer.ts';

/** Masks of dtype bool are true where a place may NOT attend; those of a floating dtype are added to the scores. */
export interface DecoderMasks {
  /** `[target, target]`, or `[N · nhead, target, target]`. Default: none. */
  readonly tgtMask?: Tensor | null;
  /** `[target, source]`, or `[N · nhead, target, source]`. Default: none. */
  readonly memoryMask?: Tensor | null;
  /** Places of the target that nobody attends to: `[N, target]`, or `[target]` without a batch. Default: none. */
  readonly tgtKeyPaddingMask?: Tensor | null;
  /** Places of the memory that nobody attends to: `[N, source]`, or `[source]` without a batch. Default: none. */
  readonly memoryKeyPaddingMask?: Tensor | null;
  /** Whether a place attends to those before it, and to itself, only; beside `tgtMask`, which then says so, it does nothing. */
  readonly tgtIsCausal?: boolean;
  /** The same of the memory. */
  readonly memoryIsCausal?: boolean;
}

/**
 * Attention to the target, attention to the memory that an encoder gave, and two linear layers at each place, all on
 * residual paths and normalized. Vaswani et al., "Attention is all you need", 2017.
 *
 * @example
 * const layer = new TransformerDecoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * layer.forward(zeros([4, 3, 8]), zeros([4, 5, 8]), { tgtIsCausal: true }).shape; // [4, 3, 8]
 */
export class TransformerDecoderLayer extends TransformerLayer {
  declare readonly multiheadAttn: MultiheadAttention;
  readonly norm3: LayerNorm<number, true, boolean>;
  readonly dropout3: Dropout;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super(dModel, nhead, options, true);
    this.norm3 = this.newNorm();
    this.dropout3 = this.newDropout();
  }

  override forward<T extends Tensor>(tgt: T, memory: Tensor, masks: DecoderMasks = {}): Tensor<ShapeOf<T>> {
    const self = { attnMask: masks.tgtMask, keyPaddingMask: masks.tgtKeyPaddingMask, isCausal: masks.tgtIsCausal };
    const attended = this.residual(tgt, this.norm1, this.dropout1, (x) => this.attendToSelf(x, self));
    const informed = this.residual(attended, this.norm2, this.dropout2, (x) => this.#attendTo(memory, x, masks));
    return this.residual(informed, this.norm3, this.dropout3, (x) => this.feedForward(x)) as Tensor<ShapeOf<T>>;
  }

  #attendTo(memory: Tensor, x: Tensor, masks: DecoderMasks): Tensor {
    const { memoryMask: attnMask, memoryKeyPaddingMask: keyPaddingMask, memoryIsCausal: isCausal } = masks;
    const options = { attnMask, keyPaddingMask, isCausal, needWeights: false };
    return this.multiheadAttn.forward(x, memory, memory, options)[0];
  }
}
