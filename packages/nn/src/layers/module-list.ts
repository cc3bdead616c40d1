import type { Module } from '../module.ts';
import { MemberList } from './member-list.ts';

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
export class ModuleList<M extends Module = Module> extends MemberList<M> {}
