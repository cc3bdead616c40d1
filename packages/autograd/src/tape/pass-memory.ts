import type { Storage } from '../core/dtype.ts';
import { giveBack, pool, storagesTaken } from '../core/storage-pool.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Line } from './primitive.ts';

/**
 * The memory that a backward pass takes for itself. Cotangents on their way lie in it; when the last of those that share a
 * storage has been passed on, the storage is given back. What leaves the pass (a leaf's gradient, what a hook was shown)
 * is let go, and belongs to the garbage collector again.
 */
export class PassMemory {
  /** How many waiting cotangents lie in each storage that the pass took. */
  readonly #waiting = new Map<Storage, number>();
  /** Taken while the present line is worked on. */
  #fresh: Storage[] = [];

  /** Whether tensors of a line are so large that their memory is used again. Small ones may be parts of large ones all the same. */
  isWorth({ output, inputs }: Line): boolean {
    return this.isLarge(output) || inputs.some((x) => this.isLarge(x));
  }

  isLarge({ length }: Tensor): boolean {
    return length >= pool.smallest;
  }

  /** Runs a part of the pass; what it takes belongs to the pass. */
  during<T>(run: () => T): T {
    const { result, taken } = storagesTaken(run);
    for (const storage of taken) {
      this.#waiting.set(storage, 0);
      this.#fresh.push(storage);
    }
    return result;
  }

  /** A cotangent waits for its line. */
  hold({ storage }: Tensor): void {
    const count = this.#waiting.get(storage);
    if (count !== undefined) this.#waiting.set(storage, count + 1);
  }

  /** A cotangent waits no longer. */
  drop({ storage }: Tensor): void {
    const count = this.#waiting.get(storage);
    if (count === undefined) return;
    if (count > 1) this.#waiting.set(storage, count - 1);
    else this.#giveBack(storage);
  }

  /** The tensor may be held outside of the pass from now on. */
  letGo({ storage }: Tensor): void {
    this.#waiting.delete(storage);
  }

  /** The present line is done: what was taken for it and is no waiting cotangent was a step on the way. */
  sweep(): void {
    for (const storage of this.#fresh) if (this.#waiting.get(storage) === 0) this.#giveBack(storage);
    this.#fresh = [];
  }

  #giveBack(storage: Storage): void {
    this.#waiting.delete(storage);
    giveBack(storage);
  }
}
