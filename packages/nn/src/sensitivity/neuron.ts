import type { Tensor } from '@gradtape/autograd';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

/**
 * One neuron's net input `z = wᵀ x + b`: w `[k]`, b `[]`, x `[k]` gives `[]`; columns `[k, m]` give `[m]`.
 * 感知机 二、感知机（Perceptron）回顾; 多层感知机 二、前向传播（逐神经元公式）
 *
 * @example
 * import { netInput } from '@gradtape/nn/sensitivity';
 * netInput(tensor([1, 1]), tensor(-1.5), tensor([[0, 0, 1, 1], [0, 1, 0, 1]])); // [-1.5, -0.5, -0.5, 0.5]
 */
export const netInput: Rule<[w: Tensor, b: Tensor, x: Tensor], Tensor> = rule(
  {
    name: 'netInput',
    statement: latex`z = \mathbf{w}^\top \mathbf{x} + b, \quad u_j^{(l)} = \sum_i w_{ji}^{(l)} y_i^{(l-1)} + b_j^{(l)}`,
    place: `${sections.perceptron}; ${sections.adaline}; ${sections.xor}; ${sections.neuron}`,
    shapes: 'w [k], b [], x [k, …] -> […]',
  },
  (w, b, x) => w.matmul(x).add(b),
);

/**
 * The decision `y = 1[z ≥ θ]`, entry by entry; θ is often 0, or 0.5 for targets 0 and 1. 感知机 五、局限与启示
 *
 * @example
 * import { decide } from '@gradtape/nn/sensitivity';
 * decide(tensor([0, 0.5, 1]), 0.5); // [0, 1, 1]
 */
export const decide: Rule<[z: Tensor, theta: number], Tensor> = rule(
  {
    name: 'decide',
    statement: latex`y = \mathbb{1}[z \ge \theta]`,
    place: `${sections.adaline}; ${sections.xor}; ${sections.limits}`,
    shapes: 'z […], theta -> […]',
  },
  (z, theta) => z.ge(theta).to(z.dtype),
);

/** A neuron's parameters, or the gradients by them: w `[k]`, b `[]`. */
export interface NeuronParameters {
  readonly w: Tensor;
  readonly b: Tensor;
}
