import { GradtapeError, type Naming, type Parameter, type Tensor } from '@gradtape/autograd';
import type { OptimizerStateDict, SavedState } from './optimizer-state.ts';
import { fromPyTorchState, type PyTorchOptimizerState, toPyTorchState } from './pytorch-state.ts';
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
export type ParametersOrGroups<Options> = Iterable<Parameter> | readonly GroupOptions<Options>[];
/** Parameters with all their settings. */
export type ParameterGroup<Options> = Options & {
  readonly params: readonly Parameter[];
  /** The learning rate before any schedule changed it. The first schedule writes it down. */
  initialLr?: number;
};

/** Updates parameters from their gradients. This class keeps the groups; {@link ParameterwiseOptimizer} most of the rest. */
export abstract class Optimizer<Options extends OptimizerOptions> {
  /** The settings of what no group says. */
  readonly defaults: Options;
  readonly #groups: ParameterGroup<Options>[] = [];

  /**
   * @param params All parameters, or groups of parameters with settings of their own.
   * @param defaults Every setting that there is.
   * @param options The settings that are not the defaults.
   * @throws GradtapeError if there are no parameters, one comes twice, or a setting is unknown or out of range.
   */
  constructor(params: ParametersOrGroups<Options>, defaults: Defaults<Options>, options: Partial<Options> = {}) {
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
   * Takes one step: every parameter with a gradient gets its next value; one without is left alone, weight decay included.
   *
   * @param closure Computes the loss and its gradients anew (`zeroGrad`, the forward pass, `backward`). It is called first.
   * @returns What the closure gave.
   */
  abstract step(): undefined;
  abstract step(closure: () => Tensor): Tensor;

  /** Copies of what is remembered of the parameters, by their place. */
  protected abstract copyState(): SavedState;

  /** Takes over what `copyState` gave. */
  protected abstract restoreState(saved: SavedState): void;

  /** Forgets the gradients, so that the next `backward` starts from nothing. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /**
   * A copy of what is needed to go on later as if nothing had happened: by default under gradtape's names; with
   * `{ names: 'pytorch' }` in the form of PyTorch's `state_dict()`.
   *
   * @example
   * const optimizer = new Adam([new Parameter(tensor([1, -1]))]);
   * Object.keys(optimizer.stateDict().paramGroups[0]); // ['lr', 'betas', 'eps', 'weightDecay', 'amsgrad', 'decoupledWeightDecay', 'maximize']
   * optimizer.stateDict({ names: 'pytorch' }).param_groups[0].weight_decay; // 0
   */
  stateDict(options?: { readonly names?: 'gradtape' }): OptimizerStateDict<Options>;
  stateDict(options: { readonly names: 'pytorch' }): PyTorchOptimizerState;
  stateDict({ names = 'gradtape' }: { names?: Naming } = {}): OptimizerStateDict<Options> | PyTorchOptimizerState {
    this.checkNames(names);
    const dict = {
      state: this.copyState(),
      paramGroups: this.#groups.map(({ params: _, ...options }) => options as unknown as Options),
    };
    const sizes = this.#groups.map(({ params }) => params.length);
    return names === 'pytorch' ? toPyTorchState(dict, sizes) : dict;
  }

  /**
   * Takes over what {@link stateDict} gave, or with `{ names: 'pytorch' }` what PyTorch's `state_dict()` did. A setting that
   * it does not have keeps its value: it may come from an earlier release. Throws, changing nothing, if the groups or the
   * number of parameters differ.
   */
  loadStateDict(dict: OptimizerStateDict<Options>, options?: { readonly names?: 'gradtape' }): void;
  loadStateDict(dict: PyTorchOptimizerState, options: { readonly names: 'pytorch' }): void;
  loadStateDict(
    given: OptimizerStateDict<Options> | PyTorchOptimizerState,
    { names = 'gradtape' }: { names?: Naming } = {},
  ): void {
    this.checkNames(names);
    if ('param_groups' in given !== (names === 'pytorch')) failOnForm(names);
    const dict = 'param_groups' in given ? fromPyTorchState(given) : given;
    const all = this.parameters();
    const stray = Object.keys(dict.state).filter((i) => all[Number(i)] === undefined);
    if (dict.paramGroups.length !== this.#groups.length || stray.length > 0) {
      throw new GradtapeError("loadStateDict: the state is another optimizer's", {
        got: `${dict.paramGroups.length} groups${stray.length > 0 ? `, and states for parameters ${stray.join(', ')}` : ''}`,
        needs: `${this.#groups.length} (with ${all.length} parameters in all)`,
        fix: 'make the optimizer with the same groups, in the same order, as when the state was saved',
      });
    }
    for (const [i, options] of dict.paramGroups.entries())
      Object.assign(this.#groups[i] as object, this.#known(options));
    this.restoreState(dict.state);
  }

  /** Those of the settings that this optimizer has. */
  #known(options: object): object {
    const isKnown = ([name]: [string, unknown]): boolean => name === 'initialLr' || name in this.defaults;
    return Object.fromEntries(Object.entries(options).filter(isKnown));
  }

  /** Throws where a state cannot be written with these names. */
  protected checkNames(_names: Naming): void {}

  /** The parameters of all groups, in order. */
  protected parameters(): Parameter[] {
    return this.#groups.flatMap((group) => group.params);
  }

  private failOnParameters(got: string, fix: string): never {
    throw new GradtapeError(`${this.constructor.name}: the parameters are not usable`, {
      got,
      needs: 'at least one parameter, each in one group',
      fix,
    });
  }
}

function failOnForm(names: Naming): never {
  throw new GradtapeError('loadStateDict: the state has not the form that its names say', {
    got: names === 'pytorch' ? 'paramGroups' : 'param_groups, as in PyTorch',
    needs: names === 'pytorch' ? 'param_groups, as state_dict() of PyTorch gives it' : 'paramGroups',
    fix: names === 'pytorch' ? 'loadStateDict(dict)' : "loadStateDict(dict, { names: 'pytorch' })",
  });
}
