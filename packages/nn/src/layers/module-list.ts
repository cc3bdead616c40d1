import { GradtapeError } from '@gradtape/autograd';
import { Module } from '../module.ts';
import { numbered } from './numbered.ts';

/**
 * Modules by number, for a `forward` of your own: `list[0]`, `for (const block of list)`. A plain array in a field does
 * the same.
 *
 * @example
 * class Deep extends Module {
 *   blocks = new ModuleList([new Linear(8, 8), new Linear(8, 8)]);
 *   forward(x: Tensor): Tensor {
 *     for (const block of this.blocks) x = relu(block.forward(x));
 *     return x;
 *   }
 * }
 */
export class ModuleList<M extends Module = Module> extends Module {
  [index: number]: M;

  constructor(modules: Iterable<M> = []) {
    super();
    for (const module of modules) this.append(module);
  }

  get length(): number {
    return [...this].length;
  }

  [Symbol.iterator](): Iterator<M> {
    return numbered(this);
  }

  append(module: M): this {
    this[this.length] = module;
    return this;
  }

  /** @throws GradtapeError always: a list does not say in which order its modules are used. */
  forward(): never {
    throw new GradtapeError('forward: a ModuleList computes nothing', {
      got: 'list.forward(…)',
      needs: 'a module that says how its parts are used',
      fix: 'call its modules one by one, or use Sequential to run them one after the other',
    });
  }
}
