import { dependOn, enableGrad, noGrad, type Parameter, repeat, Slot, type Tensor, zerosLike } from '@gradtape/autograd';
import { copyOf } from './copy-of.ts';
import { Optimizer, type OptimizerOptions } from './optimizer.ts';
import type { SavedState } from './optimizer-state.ts';

/**
 * What an optimizer remembers of one parameter: tensors of its shape, and counts. The tensors are the optimizer's own
 * memory, which its steps write over: they leave it only as copies.
 */
export type ParameterState = Record<string, Slot<Tensor> | number>;

/** Updates each parameter from its own gradient. An optimizer says how in `update`; this class keeps the states. */
export abstract class ParameterwiseOptimizer<Options extends OptimizerOptions> extends Optimizer<Options> {
  protected readonly state: Map<Parameter, ParameterState> = new Map();
  /** What of a parameter's state is a number; PyTorch keeps these as tensors without dims. */
  protected readonly numbers: readonly string[] = ['step'];

  /**
   * The parameter's next value. `state` starts empty and may be filled. Numbers that may change from step to step (rates,
   * counts) are read inside of `numbersOf`, choices between rules inside of `dependOn`, so that compiled steps follow them.
   */
  protected abstract update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: Options): Tensor;

  override step(): undefined;
  override step(closure: () => Tensor): Tensor;
  override step(closure?: () => Tensor): Tensor | undefined {
    const loss = closure && enableGrad(closure);
    repeat(() => {
      for (const group of this.paramGroups) this.checkOptions(group);
    });
    dependOn(() => this.paramGroups.length);
    noGrad(() => {
      for (const group of this.paramGroups) {
        for (const parameter of group.params) {
          if (parameter.grad !== null)
            parameter.assign(this.update(parameter.value, parameter.grad, this.stateOf(parameter), group));
        }
      }
    });
    return loss;
  }

  protected override copyState(): SavedState {
    return Object.fromEntries(
      this.parameters().flatMap((parameter, i) =>
        this.state.has(parameter) ? [[i, copiesOf(this.stateOf(parameter))]] : [],
      ),
    );
  }

  protected override restoreState(saved: SavedState): void {
    const read = (name: string, entry: Tensor | number): Tensor | number =>
      typeof entry !== 'number' && this.numbers.includes(name) ? entry.item() : entry;
    for (const [i, parameter] of this.parameters().entries()) {
      const entries = Object.entries(saved[i] ?? {}).map(([name, entry]) => [name, read(name, entry)] as const);
      restore(this.stateOf(parameter), Object.fromEntries(entries));
    }
  }

  /** A tensor of a parameter's state, all zeros at first unless `initial` says otherwise. */
  protected moment(
    state: ParameterState,
    name: string,
    parameter: Tensor,
    initial: (parameter: Tensor) => Tensor = zerosLike,
  ): Slot<Tensor> {
    state[name] ??= new Slot<Tensor>(initial(parameter));
    const slot = state[name] as Slot<Tensor>;
    // A state that was loaded may have none.
    dependOn(() => state[name] === slot);
    return slot;
  }

  /** A number of a parameter's state, `initial` at first. */
  protected number(state: ParameterState, name: string, initial: number): number {
    return (state[name] as number | undefined) ?? initial;
  }

  /** Counts one more step of a parameter; how many there are now. */
  protected count(state: ParameterState): number {
    const step = this.number(state, 'step', 0) + 1;
    state.step = step;
    return step;
  }

  private stateOf(parameter: Parameter): ParameterState {
    const state = this.state.get(parameter) ?? {};
    this.state.set(parameter, state);
    return state;
  }
}

function copiesOf(state: ParameterState): Record<string, Tensor | number> {
  return Object.fromEntries(
    Object.entries(state).map(([name, entry]) => [name, entry instanceof Slot ? copyOf(entry.get()) : entry]),
  );
}

/** Puts what was saved into a state, whose slots stay the same. */
function restore(state: ParameterState, saved: Readonly<Record<string, Tensor | number>>): void {
  for (const name of Object.keys(state)) {
    if (!(name in saved)) delete state[name];
  }
  for (const [name, entry] of Object.entries(saved)) {
    const present = state[name];
    if (typeof entry === 'number') state[name] = entry;
    else if (present instanceof Slot) present.set(copyOf(entry));
    else state[name] = new Slot<Tensor>(copyOf(entry));
  }
}
