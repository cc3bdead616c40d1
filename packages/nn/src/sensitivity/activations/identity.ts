import { onesLike, type Tensor } from '@gradtape/autograd';
import { latex, rule } from '../rule.ts';
import * as sections from '../sections.ts';
import { type ElementwiseActivation, elementwise, entrywise } from './activation.ts';

/**
 * The output of a regression, `f(z) = z` with `f′(z) = 1`, entry by entry. 反向传播 四、均方误差（MSE）层的局部敏感度
 *
 * @example
 * import { identity } from '@gradtape/nn/sensitivity';
 * identity.derivative(tensor([-1, 3])); // [1, 1]
 */
export const identity: ElementwiseActivation = elementwise(
  rule(
    { name: 'identity', statement: latex`f(z) = z`, place: sections.squaredErrorLayer, shapes: entrywise },
    (z: Tensor) => z.detach(),
  ),
  rule(
    { name: 'identity.derivative', statement: latex`f'(z) = 1`, place: sections.squaredErrorLayer, shapes: entrywise },
    (z: Tensor) => onesLike(z),
  ),
);
