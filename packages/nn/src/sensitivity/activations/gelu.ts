import type { Tensor } from '@gradtape/autograd';
import { latex, rule } from '../rule.ts';
import * as sections from '../sections.ts';
import { type ElementwiseActivation, elementwise, entrywise } from './activation.ts';

/** The distribution function of the normal distribution. */
function Phi(z: Tensor): Tensor {
  return z.mul(Math.SQRT1_2).erf().add(1).mul(0.5);
}

/** Its density. */
function phi(z: Tensor): Tensor {
  return z
    .square()
    .mul(-0.5)
    .exp()
    .mul(1 / Math.sqrt(2 * Math.PI));
}

/**
 * `z Φ(z)` with the distribution function Φ of the normal distribution, entry by entry. The document states the value;
 * `f′(z) = Φ(z) + z φ(z)` follows by the product rule, since Φ′ = φ. 多层感知机 三、激活函数
 *
 * @example
 * import { gelu } from '@gradtape/nn/sensitivity';
 * gelu(tensor([1])); // [0.84134]
 * gelu.derivative(tensor([1])); // [1.08332]
 */
export const gelu: ElementwiseActivation = elementwise(
  rule(
    { name: 'gelu', statement: latex`f(z) = z \Phi(z)`, place: sections.activations, shapes: entrywise },
    (z: Tensor) => z.mul(Phi(z)),
  ),
  rule(
    {
      name: 'gelu.derivative',
      statement: latex`f'(z) = \Phi(z) + z \varphi(z)`,
      place: sections.activations,
      shapes: entrywise,
    },
    (z: Tensor) => Phi(z).add(z.mul(phi(z))),
  ),
);
