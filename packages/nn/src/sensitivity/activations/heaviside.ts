import { type Tensor, zerosLike } from '@gradtape/autograd';
import { latex, rule } from '../rule.ts';
import * as sections from '../sections.ts';
import { type ElementwiseActivation, elementwise, entrywise } from './activation.ts';

/**
 * The step `H(z) = 1[z ≥ 0]` of the perceptron, entry by entry. Its derivative is 0 wherever there is one, so that
 * gradient descent learns nothing through it. 多层感知机 三、激活函数
 *
 * @example
 * import { heaviside } from '@gradtape/nn/sensitivity';
 * heaviside(tensor([-0.5, 0, 2])); // [0, 1, 1]
 * heaviside.derivative(tensor([-0.5, 0, 2])); // [0, 0, 0]
 */
export const heaviside: ElementwiseActivation = elementwise(
  rule(
    {
      name: 'heaviside',
      statement: latex`H(z) = \mathbb{1}[z \ge 0]`,
      place: `${sections.perceptron}; ${sections.activations}`,
      shapes: entrywise,
    },
    (z: Tensor) => z.ge(0).to(z.dtype),
  ),
  rule(
    {
      name: 'heaviside.derivative',
      statement: latex`H'(z) = 0 \quad (z \ne 0)`,
      place: sections.activations,
      shapes: entrywise,
    },
    (z: Tensor) => zerosLike(z),
  ),
);
