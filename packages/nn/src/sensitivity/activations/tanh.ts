import type { Tensor } from '@gradtape/autograd';
import { latex, rule } from '../rule.ts';
import * as sections from '../sections.ts';
import { type ElementwiseActivation, elementwise, entrywise } from './activation.ts';

/**
 * `tanh z` with `f′(z) = 1 - a²`, entry by entry. 反向传播 六、其它层的局部敏感度
 *
 * @example
 * import { tanh } from '@gradtape/nn/sensitivity';
 * tanh.derivative(tensor([0])); // [1]
 */
export const tanh: ElementwiseActivation = elementwise(
  rule(
    { name: 'tanh', statement: latex`f(z) = \tanh z`, place: sections.activations, shapes: entrywise },
    (z: Tensor) => z.tanh(),
  ),
  rule(
    {
      name: 'tanh.derivative',
      statement: latex`f'(z) = 1 - \tanh^2 z = 1 - a^2`,
      place: sections.otherLayers,
      shapes: entrywise,
    },
    (z: Tensor) => tanh(z).square().neg().add(1),
  ),
);
