import { fromPyTorchName, type Tensor, tensor, toPyTorchName } from '@gradtape/autograd';
import type { OptimizerStateDict, SavedState } from './optimizer-state.ts';

/** What `state_dict()` of PyTorch's optimizer holds. */
export interface PyTorchOptimizerState {
  /** Of each parameter, by its place; counts are tensors without dims. */
  readonly state: Readonly<Record<number, Readonly<Record<string, Tensor | number | null>>>>;
  /** The settings of each group, and the places of its parameters. */
  readonly param_groups: readonly PyTorchGroup[];
}

export type PyTorchGroup = Readonly<Record<string, unknown>> & { readonly params: readonly number[] };

/** As PyTorch has it; `sizes` says how many parameters there are in each group. */
export function toPyTorchState<Options extends object>(
  { state, paramGroups }: OptimizerStateDict<Options>,
  sizes: readonly number[],
): PyTorchOptimizerState {
  const entries = (saved: SavedState[number]): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(saved).map(([name, x]) => [toPyTorchName(name), typeof x === 'number' ? tensor(x) : x]),
    );
  let first = 0;
  const places = sizes.map((size) => {
    first += size;
    return Array.from({ length: size }, (_, i) => first - size + i);
  });
  return {
    state: Object.fromEntries(Object.entries(state).map(([place, saved]) => [place, entries(saved)])),
    param_groups: paramGroups.map((options, g) => ({
      ...renamed(options, toPyTorchName),
      params: places[g] as number[],
    })),
  };
}

/** What PyTorch had, under gradtape's names. */
export function fromPyTorchState({ state, param_groups: groups }: PyTorchOptimizerState): OptimizerStateDict<object> {
  const entries = (saved: PyTorchOptimizerState['state'][number]): SavedState[number] =>
    Object.fromEntries(
      Object.entries(saved).flatMap(([name, entry]) => (entry === null ? [] : [[fromPyTorchName(name), entry]])),
    );
  return {
    state: Object.fromEntries(Object.entries(state).map(([place, saved]) => [place, entries(saved)])),
    paramGroups: groups.map(({ params: _, ...options }) => renamed(options, fromPyTorchName)),
  };
}

function renamed(options: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), value]));
}
