import type { Tensor } from '../core/tensor.ts';
import type { Node } from './node.ts';
import type { Cotangents, Primitive } from './primitive.ts';

/** Computes in the place of the tape, so that it sees every operation, forwards and backwards. */
export interface Observer {
  evaluate<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor;
  pullback(line: Node, cotangent: Tensor): Cotangents;
}

/** The one that looks on now, if any does. */
export let observer: Observer | undefined;

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
