import type { State } from '../state.ts';

/**
 * The indices of samples in the order in which an epoch takes them, or the indices of each batch. Every loop over it is an
 * epoch; its order is drawn when the loop begins. Any iterable will do, also an array.
 */
export interface Sampler<Item = number> extends Iterable<Item> {
  /** How many an epoch has. A `DataLoader` without it has no length. */
  readonly length?: number;
  /** What decides the epochs to come, so that a `DataLoader` can be resumed. */
  stateDict?(): State;
  loadStateDict?(state: State): void;
}

/** The indices of a batch's samples. */
export type BatchIndices = readonly number[] | Int32Array;
