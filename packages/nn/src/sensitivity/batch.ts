import type { Tensor } from '@gradtape/autograd';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

// The gradients of the mean loss of m samples, or of the sum of their losses; column i of Δ is the sensitivity of sample i's
// own loss. For the mean, Δ is divided by m before the product, so that no samples make a gradient of zeros, as on the tape,
// and not 0/0.

/**
 * `∂E/∂W = Δ Aᵀ / m`. Δ `[n, m]`, A `[k, m]`, gives `[n, k]`. 反向传播 七、向量形式的反向传播（批量）
 *
 * @example
 * import { batchWeightGradient } from '@gradtape/nn/sensitivity';
 * batchWeightGradient(tensor([[1, 3]]), tensor([[2, 4], [0, 6]])); // [[7, 9]]
 */
export const batchWeightGradient: Rule<[Delta: Tensor, A: Tensor], Tensor> = rule(
  {
    name: 'batchWeightGradient',
    statement: latex`\frac{\partial E}{\partial W^{(l)}} = \frac{1}{m} \Delta^{(l)} (A^{(l-1)})^\top`,
    place: `${sections.vectorBackward}; ${sections.backwardSummary}; ${sections.overview}`,
    shapes: 'Delta [n, m], A [k, m] -> [n, k]',
  },
  (Delta, A) => Delta.div(Delta.shape[1]).matmul(A.t()),
);

/**
 * `∂E/∂b = Δ 1 / m`: the mean of the columns. Δ `[n, m]`, gives `[n]`. 反向传播 七、向量形式的反向传播（批量）
 *
 * @example
 * import { batchBiasGradient } from '@gradtape/nn/sensitivity';
 * batchBiasGradient(tensor([[1, 3], [0, 8]])); // [2, 4]
 */
export const batchBiasGradient: Rule<[Delta: Tensor], Tensor> = rule(
  {
    name: 'batchBiasGradient',
    statement: latex`\frac{\partial E}{\partial b^{(l)}} = \frac{1}{m} \Delta^{(l)} \mathbf{1}`,
    place: `${sections.vectorBackward}; ${sections.backwardSummary}; ${sections.overview}`,
    shapes: 'Delta [n, m] -> [n]',
  },
  (Delta) => Delta.div(Delta.shape[1]).sum(1),
);

/**
 * `∂E/∂b = Δ 1`, where E is the sum of the losses of the samples and not their mean. Δ `[n, m]`, gives `[n]`.
 * 反向传播 一、反向计算的核心思想
 *
 * @example
 * import { summedBiasGradient } from '@gradtape/nn/sensitivity';
 * summedBiasGradient(tensor([[1, 3], [0, 8]])); // [4, 8]
 */
export const summedBiasGradient: Rule<[Delta: Tensor], Tensor> = rule(
  {
    name: 'summedBiasGradient',
    statement: latex`\frac{\partial E}{\partial b^{(l)}} = \sum_{i=1}^{m} \delta_i^{(l)} = \Delta^{(l)} \mathbf{1}`,
    place: `${sections.chainRule}; ${sections.otherLayers}; ${sections.backwardSummary}; ${sections.pitfalls}`,
    shapes: 'Delta [n, m] -> [n]',
  },
  (Delta) => Delta.sum(1),
);
