import {
  dependOn,
  fromArray,
  GradtapeError,
  noGrad,
  type Parameter,
  repeat,
  Slot,
  type Tensor,
  zerosLike,
} from '@gradtape/autograd';

/** Settings that every optimizer has. */
export interface OptimizerOptions {
  /** The learning rate. May be changed between steps, by a schedule or by hand. */
  lr: number;
}

/** Parameters with settings of their own; what is left out is the optimizer's. */
export type GroupOptions<Options> = Partial<Options> & { readonly params: Iterable<Parameter> };
/** Parameters with all their settings. */
export type ParameterGroup<Options> = Options & { readonly params: readonly Parameter[] };

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
  /** The groups with their settings, which may be changed between steps. */
  readonly paramGroups: readonly ParameterGroup<Options>[];
  protected readonly state: Map<Parameter, ParameterState> = new Map();

  /**
   * @param params All parameters, or groups of parameters with settings of their own.
   * @param options The settings of what no group says.
   * @throws GradtapeError if there are no parameters, one comes twice, or a setting is out of range.
   */
  constructor(params: Iterable<Parameter> | readonly GroupOptions<Options>[], options: Options) {
    const given = [...params] as readonly (Parameter | GroupOptions<Options>)[];
    const grouped = given.some(isGroup)
      ? (given as readonly GroupOptions<Options>[])
      : [{ params: given as readonly Parameter[] }];
    this.paramGroups = grouped.map(
      (group) => ({ ...options, ...group, params: [...group.params] }) as ParameterGroup<Options>,
    );
    this.checkParameters();
    for (const group of this.paramGroups) this.checkOptions(group);
  }

  /** Throws for a setting that is out of range. */
  protected checkOptions(options: Options): void {
    this.checkAtLeastZero('lr', options.lr);
  }

  /**
   * The parameter's next value. `state` starts empty and may be filled. Numbers that may change from step to step (rates,
   * counts) are read inside of `numbersOf`, choices between rules inside of `dependOn`, so that compiled steps follow them.
   */
  protected abstract update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: Options): Tensor;

  /** Takes one step: every parameter with a gradient gets its next value. */
  step(): void {
    repeat(() => {
      for (const group of this.paramGroups) this.checkOptions(group);
    });
    noGrad(() => {
      for (const group of this.paramGroups) {
        for (const parameter of group.params) {
          if (parameter.grad !== null)
            parameter.assign(this.update(parameter.value, parameter.grad, this.stateOf(parameter), group));
        }
      }
    });
  }

  /** Forgets the gradients, so that the next `backward` starts from nothing. */
  zeroGrad(): void {
    for (const group of this.paramGroups) for (const parameter of group.params) parameter.grad = null;
  }

  /** A copy of what is needed to go on later as if nothing had happened. */
  stateDict(): OptimizerStateDict<Options> {
    const all = this.paramGroups.flatMap((group) => group.params);
    const state = Object.fromEntries(
      all.flatMap((parameter, i) =>
        this.state.has(parameter) ? [[i, copiesOf(this.state.get(parameter) as ParameterState)]] : [],
      ),
    );
    return { state, paramGroups: this.paramGroups.map(({ params: _, ...options }) => options as unknown as Options) };
  }

  /** Takes over what {@link stateDict} gave. Throws, changing nothing, if the groups or the number of parameters differ. */
  loadStateDict(dict: OptimizerStateDict<Options>): void {
    const all = this.paramGroups.flatMap((group) => group.params);
    const stray = Object.keys(dict.state).filter((i) => all[Number(i)] === undefined);
    if (dict.paramGroups.length !== this.paramGroups.length || stray.length > 0) {
      throw new GradtapeError("loadStateDict: the state is another optimizer's", {
        got: `${dict.paramGroups.length} groups${stray.length > 0 ? `, and states for parameters ${stray.join(', ')}` : ''}`,
        needs: `${this.paramGroups.length} (with ${all.length} parameters in all)`,
        fix: 'make the optimizer with the same groups, in the same order, as when the state was saved',
      });
    }
    for (const [i, options] of dict.paramGroups.entries()) Object.assign(this.paramGroups[i] as object, options);
    for (const [i, parameter] of all.entries()) restore(this.stateOf(parameter), dict.state[i] ?? {});
  }

  /** Throws unless a setting is a number that is at least zero. */
  protected checkAtLeastZero(name: string, value: number): void {
    if (value >= 0 && value < Infinity) return;
    throw new GradtapeError(`${this.constructor.name}: ${name} is out of range`, {
      got: `${name} = ${value}`,
      needs: 'a finite number, 0 or more',
      fix: name === 'lr' ? 'try 1e-3 for Adam or 1e-2 for SGD; if a schedule set it, look there' : `check ${name}`,
    });
  }

  /** Throws unless a setting is a number from zero up to, but without, one. */
  protected checkBelowOne(name: string, value: number): void {
    if (value >= 0 && value < 1) return;
    throw new GradtapeError(`${this.constructor.name}: ${name} is out of range`, {
      got: `${name} = ${value}`,
      needs: 'at least 0 and less than 1',
      fix: 'usual are 0.9 for a first moment and 0.999 for a second',
    });
  }

  /** A tensor of a parameter's state, all zeros at first. */
  protected moment(state: ParameterState, name: string, parameter: Tensor): Slot<Tensor> {
    state[name] ??= new Slot<Tensor>(zerosLike(parameter));
    const slot = state[name] as Slot<Tensor>;
    // A state that was loaded may have none.
    dependOn(() => state[name] === slot);
    return slot;
  }

  private stateOf(parameter: Parameter): ParameterState {
    const state = this.state.get(parameter) ?? {};
    this.state.set(parameter, state);
    return state;
  }

  private checkParameters(): void {
    const all = this.paramGroups.flatMap((group) => group.params);
    if (all.length > 0 && new Set(all).size === all.length) return;
    throw new GradtapeError(`${this.constructor.name}: the parameters are not usable`, {
      got: all.length === 0 ? 'no parameters' : 'a parameter that comes twice',
      needs: 'at least one parameter, each in one group',
      fix: all.length === 0 ? 'pass model.parameters()' : 'remove it from one of the groups',
    });
  }
}

function isGroup(given: object): boolean {
  return 'params' in given;
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
