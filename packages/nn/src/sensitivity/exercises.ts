import type { Tensor } from '@gradtape/autograd';
import type { Activation } from './activations/activation.ts';
import { relu } from './activations/relu.ts';
import { sigmoid } from './activations/sigmoid.ts';
import { shiftedSoftmax, softmax } from './activations/softmax.ts';
import { batchBiasGradient, batchWeightGradient } from './batch.ts';
import { dense, denseBiasGradient, denseWeightGradient, hiddenSensitivity } from './dense.ts';
import { identityMse, sigmoidBce, sigmoidMse, softmaxCrossEntropy } from './pairings.ts';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

// The answers to the exercises of 层分解, as functions of what the exercises give.

/**
 * Exercise 1, linear output with the squared error: `δ = W y + b - t`, `dW = δ yᵀ`, `db = δ`, where y is what the layer
 * before gives. W `[n, k]`, b and t `[n]`, y `[k]`. 层分解 八、参考答案 练习1
 *
 * @example
 * import { exercise1 } from '@gradtape/nn/sensitivity';
 * exercise1(tensor([[1, 2]]), tensor([0]), tensor([3, 4]), tensor([10])).dW; // [[3, 4]]
 */
export const exercise1: Rule<[W: Tensor, b: Tensor, y: Tensor, t: Tensor], { delta: Tensor; dW: Tensor; db: Tensor }> =
  rule(
    {
      name: 'exercise1',
      statement: latex`\delta^{(L)} = y^{(L)} - t, \quad \frac{\partial E}{\partial W^{(L)}} = \delta^{(L)} (y^{(L-1)})^\top, \quad \frac{\partial E}{\partial b^{(L)}} = \delta^{(L)}`,
      place: `${sections.answers} 练习1`,
      shapes: 'W [n, k], b [n], y [k], t [n] -> delta [n], dW [n, k], db [n]',
    },
    (W, b, y, t) => {
      const delta = identityMse.delta(dense(W, y, b), t);
      return { delta, dW: denseWeightGradient(delta, y), db: denseBiasGradient(delta) };
    },
  );

/**
 * Exercise 2, the sensitivity of a sigmoid with either loss: `(a - t) a (1 - a)` with the squared error, `a - t` with the
 * binary cross-entropy. All of one shape. 层分解 八、参考答案 练习2
 *
 * @example
 * import { exercise2 } from '@gradtape/nn/sensitivity';
 * const { mse, bce } = exercise2(tensor([0]), tensor([1]));
 * mse; // [-0.125]
 * bce; // [-0.5]
 */
export const exercise2: Rule<[u: Tensor, t: Tensor], { mse: Tensor; bce: Tensor }> = rule(
  {
    name: 'exercise2',
    statement: latex`\delta^{(L)}_{\mathrm{MSE}} = (a - t) a (1 - a), \quad \delta^{(L)}_{\mathrm{BCE}} = a - t`,
    place: `${sections.answers} 练习2`,
    shapes: 'u [n, …], t [n, …] -> mse [n, …], bce [n, …]',
  },
  (u, t) => {
    const a = sigmoid(u);
    return { mse: sigmoidMse.delta(a, t), bce: sigmoidBce.delta(a, t) };
  },
);

/** The answer to exercise 3: sensitivities and gradients of both layers, the hidden one first. */
export interface TwoLayerGradients {
  readonly delta1: Tensor;
  readonly delta2: Tensor;
  readonly dW1: Tensor;
  readonly db1: Tensor;
  readonly dW2: Tensor;
  readonly db2: Tensor;
}

/**
 * Exercise 3, all gradients of a network of two layers with ReLU and softmax with cross-entropy, for one sample x `[k]` with
 * target t `[n]`. W1 `[h, k]`, b1 `[h]`, W2 `[n, h]`, b2 `[n]`. 层分解 八、参考答案 练习3
 *
 * @example
 * import { exercise3 } from '@gradtape/nn/sensitivity';
 * const W1 = tensor([[1, 1], [-1, -1]]);
 * const W2 = tensor([[1, 0], [1, 0]]);
 * const { delta2, dW1 } = exercise3(W1, tensor([0, 0]), W2, tensor([0, 0]), tensor([1, 2]), tensor([1, 0]));
 * delta2; // [-0.5, 0.5]
 * dW1; // [[0, 0], [0, 0]]
 */
export const exercise3: Rule<
  [W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, x: Tensor, t: Tensor],
  TwoLayerGradients
> = rule(
  {
    name: 'exercise3',
    statement: latex`\delta^{(2)} = y^{(2)} - t, \quad \delta^{(1)} = (W^{(2)})^\top \delta^{(2)} \odot \mathbb{1}[u^{(1)} > 0], \quad \frac{\partial E}{\partial W^{(l)}} = \delta^{(l)} (y^{(l-1)})^\top, \quad \frac{\partial E}{\partial b^{(l)}} = \delta^{(l)}`,
    place: `${sections.answers} 练习3`,
    shapes:
      'W1 [h, k], b1 [h], W2 [n, h], b2 [n], x [k], t [n] -> delta1 [h], delta2 [n], dW1 [h, k], db1 [h], dW2 [n, h], db2 [n]',
  },
  (W1, b1, W2, b2, x, t) => {
    const u1 = dense(W1, x, b1);
    const y1 = relu(u1);
    const delta2 = softmaxCrossEntropy.delta(softmax(dense(W2, y1, b2)), t);
    const delta1 = hiddenSensitivity(W2, delta2, u1, relu);
    return {
      delta1,
      delta2,
      dW1: denseWeightGradient(delta1, x),
      db1: denseBiasGradient(delta1),
      dW2: denseWeightGradient(delta2, y1),
      db2: denseBiasGradient(delta2),
    };
  },
);

/**
 * Exercise 4, softmax without overflow: {@link shiftedSoftmax} with `c = max u`. u `[n]`, or columns `[n, m]`.
 * 层分解 八、参考答案 练习4
 *
 * @example
 * import { exercise4 } from '@gradtape/nn/sensitivity';
 * exercise4(tensor([1000, 1000])); // [0.5, 0.5]
 */
export const exercise4: Rule<[u: Tensor], Tensor> = rule(
  {
    name: 'exercise4',
    statement: latex`y_k = \frac{e^{u_k - c}}{\sum_j e^{u_j - c}}, \quad c = \max_j u_j`,
    place: `${sections.answers} 练习4`,
    shapes: 'u [n, …] -> [n, …]',
  },
  (u) => shiftedSoftmax(u, u.amax(0)),
);

/**
 * Exercise 5, one hidden layer of a batch of m samples: `Δ = Wᵀ Δ⁺ ⊙ f′(Z)`, `dW = Δ Aᵀ / m`, `db = Δ 1 / m`. W `[n, h]` and Δ⁺
 * `[n, m]` are the next layer's, Z `[h, m]` and f the layer's own, A `[k, m]` what came in. 层分解 八、参考答案 练习5
 *
 * @example
 * import { exercise5, relu } from '@gradtape/nn/sensitivity';
 * const next = { W: tensor([[1, 2]]), Delta: tensor([[10, 20]]) };
 * exercise5(next.W, next.Delta, tensor([[1, -1], [1, 1]]), tensor([[3, 5]]), relu).dW; // [[15], [130]]
 */
export const exercise5: Rule<
  [W: Tensor, nextDelta: Tensor, Z: Tensor, A: Tensor, f: Activation],
  { Delta: Tensor; dW: Tensor; db: Tensor }
> = rule(
  {
    name: 'exercise5',
    statement: latex`\Delta^{(l)} = (W^{(l+1)})^\top \Delta^{(l+1)} \odot f'(Z^{(l)}), \quad \frac{\partial E}{\partial W^{(l)}} = \frac{1}{m} \Delta^{(l)} (A^{(l-1)})^\top, \quad \frac{\partial E}{\partial b^{(l)}} = \frac{1}{m} \Delta^{(l)} \mathbf{1}`,
    place: `${sections.answers} 练习5`,
    shapes: 'W [n, h], nextDelta [n, m], Z [h, m], A [k, m], f -> Delta [h, m], dW [h, k], db [h]',
  },
  (W, nextDelta, Z, A, f) => {
    const Delta = hiddenSensitivity(W, nextDelta, Z, f);
    return { Delta, dW: batchWeightGradient(Delta, A), db: batchBiasGradient(Delta) };
  },
);
