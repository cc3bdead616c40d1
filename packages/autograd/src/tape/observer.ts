import type { Storage } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import type { AnySlot } from './any-slot.ts';
import type { Node } from './node.ts';
import type { Cotangents, Primitive } from './primitive.ts';

/** Computes in the place of the tape, so that it sees every operation, forwards and backwards. */
export interface Observer {
  evaluate<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor;
  pullback(line: Node, cotangent: Tensor): Cotangents;
  /** Makes a program of what is run: functions that compute several operations in one pass then take them one by one. */
  readonly recorder?: Recorder;
}

/** What a program needs to know beside the operations. */
export interface Recorder {
  slotRead(slot: AnySlot): void;
  slotWritten(slot: AnySlot): void;
  /** JavaScript has run this, and must do so in each later run of the program. */
  repeat(run: () => void): void;
  /** A tensor that JavaScript has filled, and must fill anew in each later run of the program. */
  filled(x: Tensor, fill: (entries: Storage) => void): void;
  /** The program holds only as long as this gives the same. */
  dependsOn(read: () => string | number | boolean): void;
  /** A gradient is about to collect on the holder of a leaf. */
  gradientCollected(leaf: Node): void;
}

/** The one that looks on now, if any does. */
export let observer: Observer | undefined;

/** Whether a program is being made of what runs. */
export function isTracing(): boolean {
  return observer?.recorder !== undefined;
}

/** Runs a function while an observer looks on, or none. */
export function withObserver<T>(next: Observer | undefined, run: () => T): T {
  const before = observer;
  observer = next;
  try {
    return run();
  } finally {
    observer = before;
  }
}
