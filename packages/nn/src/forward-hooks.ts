/** What has hooks: a module. */
interface HasForward {
  forward(...inputs: never[]): unknown;
}

/** Sees what goes into a module's `forward`; what it returns, if anything, goes in instead: one input, or all in an array. */
export type ForwardPreHook<M extends HasForward> = (module: M, inputs: Parameters<M['forward']>) => unknown;

/** Sees what went into a module's `forward`, and what came out; what it returns, if anything, comes out instead. */
export type ForwardHook<M extends HasForward> = (
  module: M,
  inputs: Parameters<M['forward']>,
  output: ReturnType<M['forward']>,
) => unknown;

export interface HookOptions {
  /** Whether the hook runs before those that are there already. Default: false. */
  readonly prepend?: boolean;
}

type Hook = (module: never, ...seen: never[]) => unknown;

/** The hooks of one module. While there are any, a `forward` that calls them stands before the module's own. */
export class ForwardHooks {
  readonly #module: HasForward;
  readonly #before: Hook[] = [];
  readonly #after: Hook[] = [];

  constructor(module: HasForward) {
    this.#module = module;
  }

  /** Returns a function that removes the hook. */
  add(when: 'before' | 'after', hook: Hook, { prepend = false }: HookOptions): () => void {
    const list = when === 'before' ? this.#before : this.#after;
    if (this.#isEmpty) this.#standBefore();
    // Of its own, so that a hook can be added twice.
    const entry: Hook = (...seen) => hook(...seen);
    if (prepend) list.unshift(entry);
    else list.push(entry);
    return () => {
      const at = list.indexOf(entry);
      if (at < 0) return;
      list.splice(at, 1);
      if (this.#isEmpty) this.#stepAside();
    };
  }

  get #isEmpty(): boolean {
    return this.#before.length + this.#after.length === 0;
  }

  #stepAside: () => void = () => undefined;

  #standBefore(): void {
    const module = this.#module;
    const own = Object.getOwnPropertyDescriptor(module, 'forward');
    const { forward } = module;
    const watched = (...given: unknown[]): unknown => {
      const inputs = [...this.#before].reduce((before, hook) => {
        const changed = call(hook, module, before);
        return changed === undefined ? before : Array.isArray(changed) ? changed : [changed];
      }, given);
      const output: unknown = Reflect.apply(forward, module, inputs);
      return [...this.#after].reduce((before, hook) => call(hook, module, inputs, before) ?? before, output);
    };
    // Not enumerable: it is no part of the model.
    Object.defineProperty(module, 'forward', { value: watched, configurable: true, writable: true });
    this.#stepAside = () => {
      if (own === undefined) Reflect.deleteProperty(module, 'forward');
      else Object.defineProperty(module, 'forward', own);
    };
  }
}

/** The types of what a hook sees are those of its module, which are known where it is registered. */
function call(hook: Hook, ...seen: readonly unknown[]): unknown {
  return Reflect.apply(hook, undefined, seen);
}
