import type { Tensor } from '../core/tensor.ts';
import type { AnySlot } from './any-slot.ts';
import { observer } from './observer.ts';

/**
 * A place that holds a tensor, or none, and may be given another: what training changes. Whoever makes programs is told
 * of every look and every change, and may leave the content elsewhere until somebody asks for it.
 */
export class Slot<T extends Tensor | null> implements AnySlot {
  #held: T;
  #elsewhere: (() => T) | undefined;
  readonly #dress: (next: T) => T;
  #version = 0;

  /** @param dress What is done to a tensor on its way into the slot. */
  constructor(initial: T, dress: (next: T) => T = (next) => next) {
    this.#dress = dress;
    this.#held = dress(initial);
  }

  get(): T {
    observer?.recorder?.slotRead(this);
    return this.peek();
  }

  /** The same for whoever makes or runs programs: nobody is told. */
  peek(): T {
    if (this.#elsewhere !== undefined) {
      const fetch = this.#elsewhere;
      this.#elsewhere = undefined;
      this.#held = this.#dress(fetch());
    }
    return this.#held;
  }

  get isFull(): boolean {
    return this.#elsewhere !== undefined || this.#held !== null;
  }

  set(next: T): void {
    observer?.recorder?.slotWritten(this);
    this.put(next);
  }

  /** `set` without telling. */
  put(next: T): void {
    this.#version++;
    this.#elsewhere = undefined;
    this.#held = this.#dress(next);
  }

  /** What the slot holds lies elsewhere, as long as nobody puts something else here. */
  leaveElsewhere(fetch: () => T): void {
    this.#version++;
    this.#elsewhere = fetch;
  }

  get version(): number {
    return this.#version;
  }
}
