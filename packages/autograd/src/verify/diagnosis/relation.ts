import type { Tensor } from '../../core/tensor.ts';
import type { Cause } from './mistake.ts';
import type { Size } from './sizes.ts';

/** The gradient by one name at several points: as claimed, and as it should be. */
export interface Pairs {
  readonly claimed: readonly Tensor[];
  readonly expected: readonly Tensor[];
  /** How far apart numbers may be that are called equal, relative to the largest. */
  readonly tolerance: number;
  readonly sizes: readonly Size[];
}

/** What a claimed gradient is to the right one. */
export interface Relation {
  readonly causes: readonly Cause[];
  /**
   * After the name of the gradient, with the words that change for several between underscores: `_is_ 128 times too
   * large: …`.
   */
  readonly says: string;
  /** Whether it says something where it is only half of the story: everything is zero times everything. */
  readonly telling: boolean;
  /** Whether the claimed numbers follow from it: else something that explains them is told in its place. */
  readonly exact: boolean;
}

/** A claimed gradient brought into the shape that it must have, and what was wrong with its shape. */
export interface Repair {
  readonly cause: Cause;
  readonly says: string;
  readonly claimed: readonly Tensor[];
}

/** Ways to bring a claimed gradient into another shape, whatever its numbers. */
export type Repairing = (pairs: Pairs) => readonly Repair[];
