import type { Parameter } from '@gradtape/autograd';
import { MemberList } from './member-list.ts';

/**
 * Parameters by number, for a `forward` of your own: `list[0]`, `for (const weight of list)`. A plain array in a field does
 * the same.
 *
 * @example
 * class Polynomial extends Module {
 *   coefficients = new ParameterList([1, 2].map((c) => new Parameter(tensor([c]))));
 *   forward(x: Tensor): Tensor {
 *     return [...this.coefficients].reduceRight((sum, c) => sum.mul(x).add(c), zeros([1]));
 *   }
 * }
 * new Polynomial().forward(tensor([3])); // [7]
 */
export class ParameterList extends MemberList<Parameter> {}
