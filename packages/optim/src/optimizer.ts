import {
  dependOn,
  enableGrad,
  fromArray,
  GradtapeError,
  noGrad,
  type Parameter,
  repeat,
  Slot,
  type Tensor,
  zerosLike,
} from '@gradtape/autograd';
import { checkSetting, type Defaults, learningRate, withDefaults } from './settings.ts';

/** Settings that every optimizer has. */
export interface OptimizerOptions {
  /** The learning rate. May be changed between steps, by a schedule or by hand. */
  lr: number;
  /** Go up the gradient instead of down. Default: false. */
  maximize: boolean;
}

/** Parameters with settings of their own; what is left out is the optimizer's. */
export type GroupOptions<Options> = Partial<Options> & { readonly params: Iterable<Parameter> };
/** All parameters, or groups of parameters with settings of their own. */
export type Parameters<Options> = Iterable<Parameter> | readonly GroupOptions<Options>[];
/** Parameters with all their settings. */
export type ParameterGroup<Options> = Options & {
  readonly params: readonly Parameter[];
  /** The learning rate before any schedule changed it. The first schedule writes it down. */
  initialLr?: number;
};

/**
 * What an optimizer remembers of one parameter: tensors of its shape, and counts. The tensors are the optimizer's own
 * memory, which its steps write over: they leave it only as copies.
 */
export type ParameterState = Record<string, Slot<Tensor> | number>;

/** What an optimizer remembers, for saving: states by the parameter's place, and the groups' settings. */
export interface OptimizerStateDict<Options> {
  readonly state: Readonly<Record<number, Readonly<Record<string, Tensor | number>>>>;
  readonly paramGroups: readonly Options[];
}

/** Updates parameters from their gradients. An optimizer says how in `update`; this class keeps groups and states. */
export abstract class Optimizer<Options extends OptimizerOptions> {
  /** The settings of what no group says. */
  readonly defaults: Options;
  protected readonly state: Map<Parameter, ParameterState> = new Map();
  readonly #groups: ParameterGroup<Options>[] = [];

  /**
   * @param params All parameters, or groups of parameters with settings of their own.
   * @param defaults Every setting that there is.
   * @param options The settings that are not the defaults.
   * @throws GradtapeError if there are no parameters, one comes twice, or a setting is unknown or out of range.
   */
  constructor(params: Parameters<Options>, defaults: Defaults<Options>, options: Partial<Options> = {}) {
    this.defaults = withDefaults(this, defaults, options);
    const given: readonly (Parameter | GroupOptions<Options>)[] = [...params];
    const isGroup = (each: Parameter | GroupOptions<Options>): each is GroupOptions<Options> => 'params' in each;
    for (const group of given.filter(isGroup)) this.addParamGroup(group);
    const ungrouped = given.filter((each): each is Parameter => !isGroup(each));
    if (ungrouped.length > 0) this.#add(ungrouped, {});
    if (this.parameters().length === 0) this.failOnParameters('no parameters', 'pass model.parameters()');
  }

  /** The groups with their settings, which may be changed between steps. */
  get paramGroups(): readonly ParameterGroup<Options>[] {
    return this.#groups;
  }

  /**
   * Adds parameters that are to be trained from now on, such as those of a layer that was frozen.
   *
   * @throws GradtapeError, changing nothing, if one is in a group already, or a setting is out of range.
   */
  addParamGroup(group: GroupOptions<Options>): void {
    this.#add(group.params, group);
  }

  #add(params: Iterable<Parameter>, options: Partial<Options>): void {
    const group: ParameterGroup<Options> = { ...this.defaults, ...options, params: [...params] };
    const all = [...this.parameters(), ...group.params];
    if (new Set(all).size < all.length)
      this.failOnParameters('a parameter that comes twice', 'remove it from one of the groups');
    this.checkOptions(group);
    this.#groups.push(group);
  }

  /** Throws for a setting that is out of range. */
  protected checkOptions(options: Options): void {
    checkSetting(this, 'lr', options.lr, learningRate);
  }

  /**
   * The parameter's next value. `state` starts empty and may be filled. Numbers that may change from step to step (rates,
   * counts) are read inside of `numbersOf`, choices between rules inside of `dependOn`, so that compiled steps follow them.
   */
  protected abstract update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: Options): Tensor;

  /**
   * Takes one step: every parameter with a gradient gets its next value; one without is left alone, weight decay included.
   *
   * @param closure Computes the loss and its gradients anew (`zeroGrad`, the forward pass, `backward`). It is called first.
   * @returns What the closure gave.
   */
  step(): undefined;
  step(closure: () => Tensor): Tensor;
  step(closure?: () => Tensor): Tensor | undefined {
    const loss = closure && enableGrad(closure);
    repeat(() => {
      for (const group of this.#groups) this.checkOptions(group);
    });
    dependOn(() => this.#groups.length);
    noGrad(() => {
      for (const group of this.#groups) {
        for (const parameter of group.params) {
          if (parameter.grad !== null)
            parameter.assign(this.update(parameter.value, parameter.grad, this.stateOf(parameter), group));
        }
      }
    });
    return loss;
  }

  /** Forgets the gradients, so that the next `backward` starts from nothing. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /** A copy of what is needed to go on later as if nothing had happened. */
  stateDict(): OptimizerStateDict<Options> {
    const state = Object.fromEntries(
      this.parameters().flatMap((parameter, i) =>
        this.state.has(parameter) ? [[i, copiesOf(this.state.get(parameter) as ParameterState)]] : [],
      ),
    );
    return { state, paramGroups: this.#groups.map(({ params: _, ...options }) => options as unknown as Options) };
  }

  /**
   * Takes over what {@link stateDict} gave. A setting that it does not have keeps its value: it may come from an earlier
   * release. Throws, changing nothing, if the groups or the number of parameters differ.
   */
  loadStateDict(dict: OptimizerStateDict<Options>): void {
    const all = this.parameters();
    const stray = Object.keys(dict.state).filter((i) => all[Number(i)] === undefined);
    if (dict.paramGroups.length !== this.#groups.length || stray.length > 0) {
      throw new GradtapeError("loadStateDict: the state is another optimizer's", {
        got: `${dict.paramGroups.length} groups${stray.length > 0 ? `, and states for parameters ${stray.join(', ')}` : ''}`,
        needs: `${this.#groups.length} (with ${all.length} parameters in all)`,
        fix: 'make the optimizer with the same groups, in the same order, as when the state was saved',
      });
    }
    for (const [i, options] of dict.paramGroups.entries()) Object.assign(this.#groups[i] as object, options);
    for (const [i, parameter] of all.entries()) restore(this.stateOf(parameter), dict.state[i] ?? {});
  }

  /** The parameters of all groups, in order. */
  protected parameters(): Parameter[] {
    return this.#groups.flatMap((group) => group.params);
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

  /** Counts one more step of a parameter; how many there are now. */
  protected count(state: ParameterState, name = 'step'): number {
    const step = ((state[name] as number | undefined) ?? 0) + 1;
    state[name] = step;
    return step;
  }

  private stateOf(parameter: Parameter): ParameterState {
    const state = this.state.get(parameter) ?? {};
    this.state.set(parameter, state);
    return state;
  }

  private failOnParameters(got: string, fix: string): never {
    throw new GradtapeError(`${this.constructor.name}: the parameters are not usable`, {
      got,
      needs: 'at least one parameter, each in one group',
      fix,
    });
  }
}

function copiesOf(state: ParameterState): Record<string, Tensor | number> {
  return Object.fromEntries(
    Object.entries(state).map(([name, entry]) => [name, entry instanceof Slot ? copyOf(entry.get()) : entry]),
  );
}

function copyOf(x: Tensor): Tensor {
  return fromArray(x.toTypedArray(), x.shape);
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
