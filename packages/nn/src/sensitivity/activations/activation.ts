import type { Tensor } from '@gradtape/autograd';
import { latex, type Rule, rule } from '../rule.ts';
import * as sections from '../sections.ts';

/** The activation sublayer `a = f(z)`: called, it goes forward. */
export interface Activation extends Rule<[z: Tensor], Tensor> {
  /** From `g = ∂E/∂a` to `δ = ∂E/∂z`. Both have the shape of z: `[n]`, or `[n, m]` for m samples. */
  backward(g: Tensor, z: Tensor): Tensor;
}

/** An activation that works entry by entry, so that all of its derivative is `f′(z)`. */
export interface ElementwiseActivation extends Activation {
  /** `f′(z)`, of the shape of z. */
  readonly derivative: Rule<[z: Tensor], Tensor>;
}

/** What every activation that works entry by entry takes and gives. */
export const entrywise = 'z […] -> […]';

/**
 * Back through an activation that works entry by entry: `δ = g ⊙ f′(z)` with `g = ∂E/∂a`. All have one shape.
 * 反向传播 六、其它层的局部敏感度
 *
 * @example
 * import { activationSensitivity, relu } from '@gradtape/nn/sensitivity';
 * activationSensitivity(tensor([5, 7]), tensor([-1, 2]), relu); // [0, 7]
 */
export const activationSensitivity: Rule<[g: Tensor, z: Tensor, f: Pick<ElementwiseActivation, 'derivative'>], Tensor> =
  rule(
    {
      name: 'activationSensitivity',
      statement: latex`\delta^{(l-1)} = g^{(l-1)} \odot f^{(l-1)\prime}(z^{(l-1)})`,
      place: `${sections.otherLayers}; ${sections.flexible}`,
      shapes: 'g […], z […], f -> […]',
    },
    (g, z, f) => g.mul(f.derivative(z)),
  );

/** Makes an activation of its value and its derivative. */
export function elementwise(
  value: Rule<[z: Tensor], Tensor>,
  derivative: Rule<[z: Tensor], Tensor>,
): ElementwiseActivation {
  const backward = (g: Tensor, z: Tensor): Tensor => activationSensitivity(g, z, { derivative });
  return Object.assign(value, { derivative, backward });
}
