import type { Tensor } from '../core/tensor.ts';

/** A slot as those see it who make and run programs. */
export interface AnySlot {
  /** Whether there is a tensor in it. */
  readonly isFull: boolean;
  peek(): Tensor | null;
  put(next: Tensor | null): void;
  leaveElsewhere(fetch: () => Tensor | null): void;
  /** Counts what was put or left here. */
  readonly version: number;
}
