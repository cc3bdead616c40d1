import { detach, GradtapeError, type Shape, Slot, type Tensor } from '@gradtape/autograd';

/**
 * A slot of a module for a tensor that belongs to its state but is not trained, such as a running mean. It is in
 * `stateDict`, not in `parameters`; no derivative passes through it.
 *
 * @example
 * class Counter extends Module {
 *   calls = new Buffer(zeros([]));
 *   forward(x: Tensor): Tensor {
 *     this.calls.assign(this.calls.value.add(1));
 *     return x;
 *   }
 * }
 */
export class Buffer<S extends Shape = Shape> {
  /** Where the tensor lies that it holds. */
  readonly slot: Slot<Tensor>;

  constructor(initial: Tensor<S>) {
    this.slot = new Slot<Tensor>(initial, detach);
  }

  /** The tensor it holds now: immutable, unlike the slot. */
  get value(): Tensor<S> {
    return this.slot.get() as Tensor<S>;
  }

  /**
   * Puts another tensor of the same shape and dtype into the slot.
   *
   * @throws GradtapeError on any other, changing nothing.
   */
  assign(next: Tensor): void {
    const { shape, dtype } = this.value;
    if (next.dtype !== dtype || next.rank !== shape.length || next.shape.some((size, d) => size !== shape[d])) {
      throw new GradtapeError('assign: not the shape and dtype of the buffer', {
        got: `[${next.shape.join(', ')}] ${next.dtype}`,
        needs: `[${shape.join(', ')}] ${dtype}`,
        fix: 'reshape or convert the tensor, or make a new Buffer',
      });
    }
    this.slot.set(next);
  }

  /** Changes the dtype of what it holds, and of what can be assigned from now on. */
  convert(dtype: 'float32' | 'float64'): void {
    this.slot.set(this.value.to(dtype));
  }
}
