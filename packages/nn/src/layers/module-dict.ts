import { GradtapeError } from '@gradtape/autograd';
import { Module } from '../module.ts';

/**
 * Modules by name, for a `forward` of your own: `dict.get('name')`. A plain object in a field does the same.
 *
 * @example
 * class Model extends Module {
 *   heads = new ModuleDict({ mean: new Linear(8, 1), spread: new Linear(8, 1) });
 *   forward(x: Tensor): Tensor {
 *     return this.heads.get('mean').forward(x);
 *   }
 * }
 */
export class ModuleDict<Modules extends Readonly<Record<string, Module>> = Record<string, Module>> extends Module {
  /** @throws GradtapeError if a name is already that of a field or method of modules. */
  constructor(modules: Modules) {
    super();
    const taken = Object.keys(modules).filter((name) => name in this);
    if (taken.length > 0) {
      throw new GradtapeError('ModuleDict: a name is taken', {
        got: taken.join(', '),
        needs: 'names that modules have no field or method of',
        fix: 'choose another name, such as trainHead for train',
      });
    }
    // As fields, so that they are found under their names.
    Object.assign(this, modules);
  }

  /** @throws GradtapeError if there is no module of that name. */
  get<Name extends keyof Modules & string>(name: Name): Modules[Name] {
    const found = new Map(this.entries()).get(name);
    if (found !== undefined) return found as Modules[Name];
    throw new GradtapeError('get: the ModuleDict has no such module', {
      got: `'${name}'`,
      needs: `one of ${this.entries()
        .map(([known]) => `'${known}'`)
        .join(', ')}`,
      fix: 'check the spelling',
    });
  }

  entries(): [name: keyof Modules & string, module: Modules[keyof Modules]][] {
    return Object.entries(this).filter(
      (entry): entry is [keyof Modules & string, Modules[keyof Modules]] => entry[1] instanceof Module,
    );
  }

  /** @throws GradtapeError always: a dictionary does not say in which order its modules are used. */
  forward(): never {
    throw new GradtapeError('forward: a ModuleDict computes nothing', {
      got: 'dict.forward(…)',
      needs: 'a module that says how its parts are used',
      fix: "call the modules it holds: dict.get('name').forward(x)",
    });
  }
}
