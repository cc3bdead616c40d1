import type { Tensor } from '@gradtape/autograd';
import { latex, rule } from '../rule.ts';
import * as sections from '../sections.ts';
import { type ElementwiseActivation, elementwise, entrywise } from './activation.ts';

/**
 * `σ(z) = 1 / (1 + e⁻ᶻ)` with `f′(z) = a (1 - a)`, which is at most 1/4, entry by entry. 反向传播 六、其它层的局部敏感度
 *
 * @example
 * import { sigmoid } from '@gradtape/nn/sensitivity';
 * sigmoid(tensor([0])); // [0.5]
 * sigmoid.derivative(tensor([0])); // [0.25]
 */
export const sigmoid: ElementwiseActivation = elementwise(
  rule(
    {
      name: 'sigmoid',
      statement: latex`\sigma(z) = \frac{1}{1 + e^{-z}}`,
      place: sections.activations,
      shapes: entrywise,
    },
    (z: Tensor) => z.neg().exp().add(1).reciprocal(),
  ),
  rule(
    {
      name: 'sigmoid.derivative',
      statement: latex`f'(z) = \sigma(z)(1 - \sigma(z)) = a(1 - a)`,
      place: `${sections.otherLayers}; ${sections.vanishing}`,
      shapes: entrywise,
    },
    (z: Tensor) => {
      const a = sigmoid(z);
      return a.mul(a.neg().add(1));
    },
  ),
);
