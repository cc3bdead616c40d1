import { eye, type Tensor } from '@gradtape/autograd';
import { latex, type Rule, rule } from '../rule.ts';
import * as sections from '../sections.ts';
import type { Activation } from './activation.ts';

/** Softmax: each entry of the derivative sees the whole column, so that `f′(z)` is a matrix. */
export interface Softmax extends Activation {
  /** All of the derivative at one sample. */
  readonly jacobian: Rule<[z: Tensor], Tensor>;
  /** The Jacobian of each sample times a vector, without forming it. */
  readonly jacobianVectorProduct: Rule<[z: Tensor, v: Tensor], Tensor>;
}

/**
 * Softmax of `u - c`: the same for every c of shape `[…]`, one for each sample, because numerator and denominator are both
 * multiplied by e⁻ᶜ. With `c = max u` no exponential is above 1. u: `[n, …]`. 层分解 八、参考答案 练习4
 *
 * @example
 * import { shiftedSoftmax } from '@gradtape/nn/sensitivity';
 * shiftedSoftmax(tensor([1000, 1000]), tensor(1000)); // [0.5, 0.5]
 */
export const shiftedSoftmax: Rule<[u: Tensor, c: Tensor], Tensor> = rule(
  {
    name: 'shiftedSoftmax',
    statement: latex`y_k = \frac{e^{u_k - c}}{\sum_j e^{u_j - c}}`,
    place: `${sections.answers} 练习4; ${sections.pitfalls}; ${sections.experiments}`,
    shapes: 'u [n, …], c […] -> [n, …]',
  },
  (u, c) => {
    const terms = u.sub(c.unsqueeze(0)).exp();
    return terms.div(terms.sum(0, { keepDim: true }));
  },
);

const value: Rule<[z: Tensor], Tensor> = rule(
  {
    name: 'softmax',
    statement: latex`f_k(z) = \frac{e^{z_k}}{\sum_j e^{z_j}}`,
    place: `${sections.activations}; ${sections.losses}; ${sections.experiments}; ${sections.softmaxExample}`,
    shapes: 'z [n, …] -> [n, …]',
  },
  (z) => shiftedSoftmax(z, z.amax(0)),
);

const jacobian: Rule<[z: Tensor], Tensor> = rule(
  {
    name: 'softmax.jacobian',
    statement: latex`\frac{\partial y_i}{\partial z_j} = y_i (\delta_{ij} - y_j)`,
    place: sections.softmaxLayer,
    shapes: 'z [n] -> [n, n]',
  },
  (z) => {
    const y = value(z);
    return eye(y.length, y.length, { dtype: y.dtype }).sub(y).mul(y.unsqueeze(1));
  },
);

const jacobianVectorProduct: Rule<[z: Tensor, v: Tensor], Tensor> = rule(
  {
    name: 'softmax.jacobianVectorProduct',
    statement: latex`\sum_j \frac{\partial y_i}{\partial z_j} v_j = y_i \Bigl(v_i - \sum_j y_j v_j\Bigr)`,
    place: sections.softmaxLayer,
    shapes: 'z [n, …], v [n, …] -> [n, …]',
  },
  (z, v) => {
    const y = value(z);
    return y.mul(v.sub(y.mul(v).sum(0, { keepDim: true })));
  },
);

/**
 * The probabilities `e^{z_k} / Σ e^{z_j}` of n classes, `[n]`, or down each column of `[n, m]`.
 *
 * `jacobian(z)` is `∂yᵢ/∂zⱼ = yᵢ (δᵢⱼ - yⱼ)`, of shape `[n, n]` for z of shape `[n]`; `jacobianVectorProduct(z, v)` is its
 * product with v, of the shape of z. The Jacobian is symmetric, so the same product leads backward.
 * 多层感知机 三、激活函数; 反向传播 五、回顾：Softmax 层的局部敏感度
 *
 * @example
 * import { softmax } from '@gradtape/nn/sensitivity';
 * const z = tensor([0, Math.log(3)]);
 * softmax(z); // [0.25, 0.75]
 * softmax.jacobian(z); // [[0.1875, -0.1875], [-0.1875, 0.1875]]
 * softmax.jacobianVectorProduct(z, tensor([1, 0])); // [0.1875, -0.1875]
 */
export const softmax: Softmax = Object.assign(value, {
  jacobian,
  jacobianVectorProduct,
  backward: (g: Tensor, z: Tensor) => jacobianVectorProduct(z, g),
});
