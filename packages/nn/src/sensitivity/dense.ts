import { outer, type Tensor } from '@gradtape/autograd';
import type { Activation } from './activations/activation.ts';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

// The fully connected layer. δ = ∂E/∂z is its local sensitivity.

/**
 * Forward: `z = W a + b` for one sample a `[k]`, `Z = W A + b 1ᵀ` for the columns of A `[k, m]`. W `[n, k]`, b `[n]`; gives
 * `[n]` or `[n, m]`. 多层感知机 四、向量形式的前向计算
 *
 * @example
 * import { dense } from '@gradtape/nn/sensitivity';
 * dense(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 1]]), tensor([10, 20])); // [[11, 12], [23, 24]]
 */
export const dense: Rule<[W: Tensor, a: Tensor, b: Tensor], Tensor> = rule(
  {
    name: 'dense',
    statement: latex`z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}, \quad Z^{(l)} = W^{(l)} A^{(l-1)} + b^{(l)} \mathbf{1}^\top`,
    place: `${sections.vectorForward}; ${sections.forwardSummary}; ${sections.chainRule}; ${sections.otherLayers}; ${sections.vectorBackward}; ${sections.layers}; ${sections.squaredErrorExample}; ${sections.softmaxExample}; ${sections.answers} 练习5; ${sections.overview}`,
    shapes: 'W [n, k], a [k, …], b [n] -> [n, …]',
  },
  (W, a, b) => W.matmul(a).add(a.rank === 1 ? b : b.unsqueeze(1)),
);

/**
 * Back through the weights: `g = ∂E/∂a = Wᵀ δ`. W `[n, k]`, δ `[n]` gives `[k]`; columns `[n, m]` give `[k, m]`.
 * 反向传播 一、反向计算的核心思想
 *
 * @example
 * import { denseInputGradient } from '@gradtape/nn/sensitivity';
 * denseInputGradient(tensor([[1, 2], [3, 4]]), tensor([1, 10])); // [31, 42]
 */
export const denseInputGradient: Rule<[W: Tensor, delta: Tensor], Tensor> = rule(
  {
    name: 'denseInputGradient',
    statement: latex`g^{(l-1)} := \frac{\partial E}{\partial a^{(l-1)}} = (W^{(l)})^\top \delta^{(l)}`,
    place: `${sections.chainRule}; ${sections.otherLayers}; ${sections.squaredErrorExample}`,
    shapes: 'W [n, k], delta [n, …] -> [k, …]',
  },
  (W, delta) => W.t().matmul(delta),
);

/**
 * `∂E/∂W = δ aᵀ` for one sample: δ `[n]`, a `[k]`, gives `[n, k]`. 反向传播 一、反向计算的核心思想
 *
 * @example
 * import { denseWeightGradient } from '@gradtape/nn/sensitivity';
 * denseWeightGradient(tensor([1, 2]), tensor([3, 4, 5])); // [[3, 4, 5], [6, 8, 10]]
 */
export const denseWeightGradient: Rule<[delta: Tensor, a: Tensor], Tensor> = rule(
  {
    name: 'denseWeightGradient',
    statement: latex`\frac{\partial E}{\partial W^{(l)}} = \delta^{(l)} (a^{(l-1)})^\top`,
    place: `${sections.chainRule}; ${sections.sensitivity}; ${sections.otherLayers}; ${sections.backwardSummary}; ${sections.squaredErrorExample}; ${sections.softmaxExample}`,
    shapes: 'delta [n], a [k] -> [n, k]',
  },
  (delta, a) => outer(delta, a),
);

/**
 * `∂E/∂b = δ` for one sample: `[n]`. 反向传播 一、反向计算的核心思想
 *
 * @example
 * import { denseBiasGradient } from '@gradtape/nn/sensitivity';
 * denseBiasGradient(tensor([1, 2])); // [1, 2]
 */
export const denseBiasGradient: Rule<[delta: Tensor], Tensor> = rule(
  {
    name: 'denseBiasGradient',
    statement: latex`\frac{\partial E}{\partial b^{(l)}} = \delta^{(l)}`,
    place: `${sections.chainRule}; ${sections.sensitivity}; ${sections.otherLayers}; ${sections.backwardSummary}; ${sections.squaredErrorExample}; ${sections.softmaxExample}`,
    shapes: 'delta [n] -> [n]',
  },
  (delta) => delta.detach(),
);

/**
 * From one layer's sensitivity to that of the layer before it: `δ⁽ˡ⁾ = (W⁽ˡ⁺¹⁾)ᵀ δ⁽ˡ⁺¹⁾ ⊙ f′(z⁽ˡ⁾)`. W `[n, k]` and δ `[n]`
 * are the next layer's, z `[k]` and f the layer's own; gives `[k]`. Columns `[n, m]` and `[k, m]` give `[k, m]`.
 * 反向传播 三、梯度与局部敏感度; 七、向量形式的反向传播（批量）
 *
 * @example
 * import { hiddenSensitivity, relu } from '@gradtape/nn/sensitivity';
 * hiddenSensitivity(tensor([[1, 2], [3, 4]]), tensor([1, 10]), tensor([-1, 1]), relu); // [0, 42]
 */
export const hiddenSensitivity: Rule<[W: Tensor, delta: Tensor, z: Tensor, f: Activation], Tensor> = rule(
  {
    name: 'hiddenSensitivity',
    statement: latex`\delta^{(l)} = (W^{(l+1)})^\top \delta^{(l+1)} \odot f^{(l)\prime}(z^{(l)})`,
    place: `${sections.sensitivity}; ${sections.vectorBackward}; ${sections.backwardSummary}; ${sections.squaredErrorExample}; ${sections.softmaxExample}; ${sections.overview}`,
    shapes: 'W [n, k], delta [n, …], z [k, …], f -> [k, …]',
  },
  (W, delta, z, f) => f.backward(denseInputGradient(W, delta), z),
);
