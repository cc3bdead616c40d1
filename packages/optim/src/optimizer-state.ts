import type { Tensor } from '@gradtape/autograd';

/** What is remembered of each parameter, by its place. */
export type SavedState = Readonly<Record<number, Readonly<Record<string, Tensor | number>>>>;

/** What an optimizer remembers, for saving: states by the parameter's place, and the groups' settings. */
export interface OptimizerStateDict<Options> {
  readonly state: SavedState;
  readonly paramGroups: readonly Options[];
}
