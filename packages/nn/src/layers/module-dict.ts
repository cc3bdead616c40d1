import { Module } from '../module.ts';
import { MemberDict } from './member-dict.ts';

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
export class ModuleDict<
  Modules extends Readonly<Record<string, Module>> = Record<string, Module>,
> extends MemberDict<Modules> {
  protected override isMember(value: unknown): boolean {
    return value instanceof Module;
  }
}
