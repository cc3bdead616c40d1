import {
  dependOn,
  detach,
  fromPyTorchName,
  GradtapeError,
  isFloating,
  type Naming,
  Parameter,
  Tensor,
} from '@gradtape/autograd';
import { Buffer } from './buffer.ts';
import { type ForwardHook, ForwardHooks, type ForwardPreHook, type HookOptions } from './forward-hooks.ts';
import { withOwnNames, withPyTorchNames } from './state-names.ts';

/** What a module keeps: `parameters` are trained, buffers are not. */
type Slot = Parameter | Buffer;
/** The name of a field, dotted where it leads into an array or object, and what was found there. */
type Member = readonly [field: string, value: Slot | Module];

export interface StateDictOptions {
  /**
   * `gradtape`: the names of the fields. `pytorch`: what PyTorch calls them, `lstm.weight_ih_l0` for `lstm.weightIhL0`; a field
   * that is called as in PyTorch, with `_`, keeps its name. Default: gradtape.
   */
  readonly names?: Naming;
}

export interface LoadOptions extends StateDictOptions {
  /** Whether missing and unexpected entries are errors. Default: true. */
  readonly strict?: boolean;
}

/** The names that kept a dictionary and a module from matching. */
export interface UnmatchedNames {
  /** Of the module, but not in the dictionary. */
  readonly missing: readonly string[];
  /** In the dictionary, but not of the module. */
  readonly unexpected: readonly string[];
}

/**
 * A part of a model: it holds parameters and other modules in its fields, and computes in `forward`.
 *
 * Fields are all there is to it. A `Parameter`, `Buffer` or `Module` in a field belongs to the module under the field's
 * name, also within arrays and plain objects (`blocks.0.weight`); what a `#private` field, a Map or a Set holds is not
 * found. What is reachable in several ways is listed once, under its first name.
 *
 * @example
 * class MLP extends Module {
 *   fc1 = new Linear(28 * 28, 256);
 *   fc2 = new Linear(256, 10);
 *
 *   constructor() {
 *     super();
 *     init.kaimingNormal(this.fc1.weight, { nonlinearity: 'relu' });
 *   }
 *
 *   forward(x: Tensor): Tensor {
 *     return this.fc2.forward(relu(this.fc1.forward(x)));
 *   }
 * }
 */
export abstract class Module {
  #training = true;
  readonly #hooks: ForwardHooks = new ForwardHooks(this);

  /** Whether it is being trained: dropout and batch normalization behave otherwise when not. Set by `train` and `eval`. */
  get training(): boolean {
    return dependOn(() => this.#training);
  }

  set training(mode: boolean) {
    this.#training = mode;
  }

  // Users give it the parameters and the result that their module has.
  // biome-ignore lint/suspicious/noExplicitAny: any other type would reject some of their signatures
  abstract forward(...args: any[]): any;

  /** The arguments that made it, as `toString` shows them. */
  protected describe(): string {
    return '';
  }

  /** Sets this module and all within to training, or not. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Sets this module and all within to evaluation: the same as `train(false)`. */
  eval(): this {
    return this.train(false);
  }

  /** The modules in its fields. */
  children(): Module[] {
    return [...new Set(membersOf(this).flatMap(([, value]) => (value instanceof Module ? [value] : [])))];
  }

  /** This module, and all within. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /** This module under the name `''`, and all within under dotted names, each before what it holds. */
  namedModules(): [name: string, module: Module][] {
    const names = new Map<Module, string>();
    const visit = (name: string, module: Module): void => {
      if (names.has(module)) return;
      names.set(module, name);
      for (const [field, value] of membersOf(module)) if (value instanceof Module) visit(dotted(name, field), value);
    };
    visit('', this);
    return Array.from(names, ([module, name]) => [name, module]);
  }

  /** The parameters of this module and of all within, for an optimizer. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** The parameters of this module and of all within, by dotted names. */
  namedParameters(): [name: string, parameter: Parameter][] {
    return this.#slots().filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter);
  }

  /** The buffers of this module and of all within, by dotted names. */
  namedBuffers(): [name: string, buffer: Buffer][] {
    return this.#slots().filter((entry): entry is [string, Buffer] => entry[1] instanceof Buffer);
  }

  #slots(): [name: string, slot: Slot][] {
    const names = new Map<Slot, string>();
    for (const [name, module] of this.namedModules()) {
      for (const [field, value] of membersOf(module)) {
        if (!(value instanceof Module) && !names.has(value)) names.set(value, dotted(name, field));
      }
    }
    return Array.from(names, ([slot, name]) => [name, slot]);
  }

  /**
   * Converts the parameters and the buffers of floating dtype, in place; gradients are forgotten. Make optimizers after.
   *
   * @example
   * const model = new Linear(2, 1).to('float64');
   * model.weight.dtype; // 'float64'
   */
  to(dtype: 'float32' | 'float64'): this {
    for (const [, slot] of this.#slots()) if (isFloating(slot.value.dtype)) slot.convert(dtype);
    return this;
  }

  /**
   * Sets whether derivatives by its parameters are taken: `requiresGrad(false)` freezes them, as for the part of a model that
   * is not trained further. The same for one parameter: `parameter.requiresGrad = false`.
   *
   * @example
   * const model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
   * model[0].requiresGrad(false);
   * model.parameters().filter((parameter) => parameter.requiresGrad).length; // 2
   */
  requiresGrad(required = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = required;
    return this;
  }

  /**
   * Calls a function before each `forward`, with the module and its inputs.
   *
   * @returns A function that removes the hook.
   */
  registerForwardPreHook(hook: ForwardPreHook<this>, options: HookOptions = {}): () => void {
    return this.#hooks.add('before', hook, options);
  }

  /**
   * Calls a function after each `forward`, with the module, its inputs and its output. For what comes back in the backward
   * pass, register a hook on the output. A compiled function calls hooks when its program is made, not in later runs.
   *
   * @returns A function that removes the hook.
   * @example
   * const model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
   * const shapes: unknown[] = [];
   * const remove = model[1].registerForwardHook((module, inputs, output: Tensor) => {
   *   shapes.push(output.shape);
   *   output.registerHook((cotangent) => shapes.push(cotangent.shape));
   * });
   * model.forward(zeros([3, 4])).sum().backward();
   * remove();
   * shapes; // [[3, 8], [3, 8]]
   */
  registerForwardHook(hook: ForwardHook<this>, options: HookOptions = {}): () => void {
    return this.#hooks.add('after', hook, options);
  }

  /** Forgets the gradients that `backward` collected on the parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /**
   * Calls a function with this module and with every one within, in the order of `modules`.
   *
   * @example
   * const model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
   * model.apply((module) => {
   *   if (module instanceof Linear) init.xavierUniform(module.weight);
   * });
   */
  apply(fn: (module: Module) => void): this {
    for (const module of this.modules()) fn(module);
    return this;
  }

  /**
   * The tensors that the parameters and buffers hold now, by dotted names. Tensors never change, so this is a snapshot.
   *
   * @throws GradtapeError if PyTorch's names are asked for, and two fields would have the same.
   * @example
   * Object.keys(new LSTMCell(2, 3).stateDict()); // ['weightIh', 'weightHh', 'biasIh', 'biasHh']
   * Object.keys(new LSTMCell(2, 3).stateDict({ names: 'pytorch' })); // ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']
   */
  stateDict({ names = 'gradtape' }: StateDictOptions = {}): Record<string, Tensor> {
    const state = Object.fromEntries(this.#slots().map(([name, slot]) => [name, detach(slot.value)]));
    return names === 'pytorch' ? withPyTorchNames(state) : state;
  }

  /**
   * Puts tensors into the parameters and buffers of these names: `{ names: 'pytorch' }` takes what PyTorch's `state_dict` gave.
   *
   * @returns the names that did not match; with `strict` there are none.
   * @throws GradtapeError that lists every entry that is missing, unexpected, or of another shape or dtype; then nothing
   * has been changed. With `strict: false` only shapes and dtypes are checked.
   */
  loadStateDict(
    dict: Readonly<Record<string, Tensor>>,
    { strict = true, names = 'gradtape' }: LoadOptions = {},
  ): UnmatchedNames {
    const slots = new Map(this.#slots());
    const given = new Map(Object.entries(names === 'pytorch' ? withOwnNames(dict, slots) : dict));
    const missing = [...slots.keys()].filter((name) => !given.has(name));
    const unexpected = [...given.keys()].filter((name) => !slots.has(name));
    const matched = [...slots].flatMap(([name, slot]) => {
      const next = given.get(name);
      return next === undefined ? [] : [{ name, slot, next }];
    });
    const problems = [
      ...(strict ? missing.map((name) => `${name}: missing, must be ${show(slots.get(name)?.value)}`) : []),
      ...(strict ? unexpected.map((name) => `${name}: unexpected, ${show(given.get(name))}`) : []),
      ...matched
        .filter(({ slot, next }) => show(next) !== show(slot.value))
        .map(({ name, slot, next }) => `${name}: ${show(next)}, must be ${show(slot.value)}`),
    ];
    const arePyTorchs = unexpected.some((name) => missing.includes(fromPyTorchName(name)));
    if (problems.length > 0) failToLoad(this.constructor.name, problems, arePyTorchs);
    for (const { slot, next } of matched) slot.assign(next);
    return { missing, unexpected };
  }

  /** Its modules, nested, each with the number and the shapes of its parameters. */
  toString(): string {
    return this.#print([]);
  }

  #print(around: readonly Module[]): string {
    const path = [...around, this];
    const children = membersOf(this).flatMap(([field, value]) =>
      value instanceof Module && !path.includes(value) ? [`(${field}): ${value.#print(path)}`] : [],
    );
    const inside = children.length === 0 ? this.describe() : `\n${children.join('\n').replaceAll(/^/gm, '  ')}\n`;
    return `${this.constructor.name}(${inside})${this.#printSlots()}`;
  }

  #printSlots(): string {
    const list = (kind: typeof Parameter | typeof Buffer): string =>
      membersOf(this)
        .flatMap(([field, value]) => (value instanceof kind ? [`${field} ${showShape(value.value)}`] : []))
        .join(', ');
    const entries = this.parameters().reduce((sum, { length }) => sum + length, 0);
    const [parameters, buffers] = [list(Parameter), list(Buffer)];
    const parts = [
      ...(entries > 0 ? [`${countOf(entries)}${parameters && `: ${parameters}`}`] : []),
      ...(buffers === '' ? [] : [`buffers: ${buffers}`]),
    ];
    return parts.length === 0 ? '' : ` # ${parts.join('; ')}`;
  }
}

// How Node prints an object in console.log.
Object.defineProperty(Module.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: Module.prototype.toString });

/** What the fields of an object hold, looking into arrays and plain objects, but into no object twice. */
function membersOf(holder: object, seen: Set<object> = new Set()): Member[] {
  seen.add(holder);
  return Object.entries(holder).flatMap(([field, value]: [string, unknown]): Member[] => {
    if (value instanceof Module || value instanceof Parameter || value instanceof Buffer) return [[field, value]];
    if (!isPlain(value) || seen.has(value)) return [];
    return membersOf(value, seen).map(([inner, member]) => [dotted(field, inner), member]);
  });
}

function isPlain(value: unknown): value is object {
  return Array.isArray(value) || (value instanceof Object && Object.getPrototypeOf(value) === Object.prototype);
}

function dotted(outer: string, inner: string): string {
  return outer === '' ? inner : `${outer}.${inner}`;
}

function countOf(entries: number): string {
  return `${entries.toLocaleString('en-US')} parameter${entries === 1 ? '' : 's'}`;
}

function showShape(x: Tensor): string {
  return `[${x.shape.join(', ')}]`;
}

function show(x: unknown): string {
  return x instanceof Tensor ? `${showShape(x)} ${x.dtype}` : `not a tensor but ${x === null ? 'null' : typeof x}`;
}

function failToLoad(kind: string, problems: readonly string[], arePyTorchs: boolean): never {
  throw new GradtapeError(`loadStateDict: the entries are not those of ${kind}; nothing was changed`, {
    got: problems.join('\n         '),
    needs: 'a tensor of the right shape and dtype for every parameter and buffer, and nothing else',
    fix: arePyTorchs
      ? "these are PyTorch's names: loadStateDict(dict, { names: 'pytorch' })"
      : 'build the module with the sizes of the saved one; { strict: false } skips names that do not match',
  });
}
