import type { Tensor } from '@gradtape/autograd';
import { latex, rule } from '../rule.ts';
import * as sections from '../sections.ts';
import { type ElementwiseActivation, elementwise, entrywise } from './activation.ts';

/**
 * `max(0, z)` with `f′(z) = 1[z > 0]`, so that the derivative at 0 is 0; entry by entry.
 * 反向传播 六、其它层的局部敏感度
 *
 * @example
 * import { relu } from '@gradtape/nn/sensitivity';
 * relu(tensor([-1, 0, 2])); // [0, 0, 2]
 * relu.derivative(tensor([-1, 0, 2])); // [0, 0, 1]
 */
export const relu: ElementwiseActivation = elementwise(
  rule(
    {
      name: 'relu',
      statement: latex`f(z) = \max(0, z)`,
      place: `${sections.activations}; ${sections.xorLayers}; ${sections.otherLayers}; ${sections.experiments}`,
      shapes: entrywise,
    },
    (z: Tensor) => z.maximum(0),
  ),
  rule(
    {
      name: 'relu.derivative',
      statement: latex`f'(z) = \mathbb{1}[z > 0]`,
      place: `${sections.otherLayers}; ${sections.experiments}; ${sections.answers} 练习3`,
      shapes: entrywise,
    },
    (z: Tensor) => z.gt(0).to(z.dtype),
  ),
);
