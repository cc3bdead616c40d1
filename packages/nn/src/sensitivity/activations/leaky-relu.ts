import { GradtapeError, onesLike, type Tensor, where } from '@gradtape/autograd';
import { latex, rule } from '../rule.ts';
import * as sections from '../sections.ts';
import { type ElementwiseActivation, elementwise, entrywise } from './activation.ts';

/**
 * {@link leakyRelu} with another slope below zero.
 *
 * @throws GradtapeError unless alpha ≤ 1: of a larger one, `max(α z, z)` is `α z` above zero, and z below.
 * @example
 * import { leakyReluWith } from '@gradtape/nn/sensitivity';
 * leakyReluWith(0.2)(tensor([-1, 2])); // [-0.2, 2]
 */
export function leakyReluWith(alpha: number): ElementwiseActivation {
  if (!(alpha <= 1)) {
    throw new GradtapeError('leakyReluWith: max(alpha z, z) would have this slope above zero, not below', {
      got: `alpha = ${alpha}`,
      needs: 'a slope of at most 1',
      fix: 'give the slope below zero, as 0.01 for a hundredth',
    });
  }
  return elementwise(
    rule(
      {
        name: 'leakyRelu',
        statement: latex`f(z) = \max(\alpha z, z)`,
        place: sections.activations,
        shapes: entrywise,
      },
      (z: Tensor) => z.mul(alpha).maximum(z),
    ),
    rule(
      {
        name: 'leakyRelu.derivative',
        statement: latex`f'(z) = \begin{cases} 1 & z > 0 \cr \alpha & z \le 0 \end{cases}`,
        place: sections.otherLayers,
        shapes: entrywise,
      },
      (z: Tensor) => where(z.gt(0), onesLike(z), alpha),
    ),
  );
}

/**
 * `max(α z, z)` with `f′(z) = 1` for z > 0 and `α` for z ≤ 0, entry by entry; α = 0.01. 反向传播 六、其它层的局部敏感度
 *
 * @example
 * import { leakyRelu, leakyReluWith } from '@gradtape/nn/sensitivity';
 * leakyRelu(tensor([-1, 2])); // [-0.01, 2]
 * leakyReluWith(0.2).derivative(tensor([-1, 0, 2])); // [0.2, 0.2, 1]
 */
export const leakyRelu: ElementwiseActivation = leakyReluWith(0.01);
