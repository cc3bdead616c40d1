import { Parameter } from '@gradtape/autograd';
import { MemberDict } from './member-dict.ts';

/**
 * Parameters by name, for a `forward` of your own: `dict.get('name')`. A plain object in a field does the same.
 *
 * @example
 * class Line extends Module {
 *   parts = new ParameterDict({ slope: new Parameter(tensor([2])), height: new Parameter(tensor([1])) });
 *   forward(x: Tensor): Tensor {
 *     return x.mul(this.parts.get('slope')).add(this.parts.get('height'));
 *   }
 * }
 * new Line().forward(tensor([3])); // [7]
 */
export class ParameterDict<
  Parameters extends Readonly<Record<string, Parameter>> = Record<string, Parameter>,
> extends MemberDict<Parameters> {
  protected override isMember(value: unknown): boolean {
    return value instanceof Parameter;
  }
}
