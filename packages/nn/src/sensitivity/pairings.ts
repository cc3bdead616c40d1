import type { Tensor } from '@gradtape/autograd';
import type { Activation } from './activations/activation.ts';
import { identity } from './activations/identity.ts';
import { sigmoid } from './activations/sigmoid.ts';
import { softmax } from './activations/softmax.ts';
import { meanSquaredError } from './losses.ts';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

/** An activation of the output layer with the loss that goes with it. All of z, a and t are `[n]`, or columns `[n, m]`. */
export interface Pairing {
  readonly activation: Activation;
  /** The loss of each sample from the net input z and the target t: `[]` or `[m]`. */
  loss(z: Tensor, t: Tensor): Tensor;
  /** The sensitivity `δ⁽ᴸ⁾ = ∂E/∂z` from the output `a = f(z)`, the target and the net input: of their shape. */
  delta(a: Tensor, t: Tensor, z: Tensor): Tensor;
}

/** A pairing whose sensitivity is simple enough to need only output and target. */
export interface SimplePairing extends Pairing {
  readonly loss: Rule<[z: Tensor, t: Tensor], Tensor>;
  readonly delta: Rule<[a: Tensor, t: Tensor], Tensor>;
}

const fromNetInput = 'z [n, …], t [n, …] -> […]';
const fromOutput = 'a [n, …], t [n, …] -> [n, …]';

/**
 * Any activation with the squared error: `δ = (a - t) ⊙ f′(z)`. 反向传播 四、均方误差（MSE）层的局部敏感度
 *
 * @example
 * import { mseSensitivity, relu } from '@gradtape/nn/sensitivity';
 * mseSensitivity(tensor([0, 2]), tensor([1, 5]), tensor([-1, 2]), relu); // [0, -3]
 */
export const mseSensitivity: Rule<[a: Tensor, t: Tensor, z: Tensor, f: Activation], Tensor> = rule(
  {
    name: 'mseSensitivity',
    statement: latex`\delta^{(L)} = (a^{(L)} - t) \odot f^{(L)\prime}(z^{(L)})`,
    place: `${sections.losses}; ${sections.squaredErrorLayer}; ${sections.backwardSummary}; ${sections.squaredErrorExample}`,
    shapes: 'a [n, …], t [n, …], z [n, …], f -> [n, …]',
  },
  (a, t, z, f) => f.backward(meanSquaredError.backward(a, t), z),
);

/** The pairing of an activation with the squared error: see {@link mseSensitivity}. */
export function pairedWithMse(f: Activation): Pairing {
  return {
    activation: f,
    loss: (z, t) => meanSquaredError.forward(f(z), t),
    delta: (a, t, z) => mseSensitivity(a, t, z, f),
  };
}

/**
 * Linear output with the squared error, for regression: `E = ‖z - t‖² / 2`, `δ = a - t`.
 * 反向传播 四、均方误差（MSE）层的局部敏感度
 *
 * @example
 * import { identityMse } from '@gradtape/nn/sensitivity';
 * identityMse.delta(tensor([3, 1]), tensor([1, 2])); // [2, -1]
 */
export const identityMse: SimplePairing = {
  activation: identity,
  loss: rule(
    {
      name: 'identityMse.loss',
      statement: latex`E = \tfrac{1}{2} \lVert z - t \rVert_2^2`,
      place: `${sections.squaredErrorLayer}; ${sections.answers} 练习1`,
      shapes: fromNetInput,
    },
    (z: Tensor, t: Tensor) => meanSquaredError.forward(z, t),
  ),
  delta: rule(
    {
      name: 'identityMse.delta',
      statement: latex`\delta^{(L)} = a^{(L)} - t`,
      place: `${sections.squaredErrorLayer}; ${sections.squaredErrorExample}; ${sections.answers} 练习1; ${sections.overview}`,
      shapes: fromOutput,
    },
    (a: Tensor, t: Tensor) => a.sub(t),
  ),
};

/**
 * Sigmoid with the squared error: `δ = (a - t) a (1 - a)`, which is near 0 wherever the sigmoid is saturated, however wrong
 * the output. 反向传播 四、均方误差（MSE）层的局部敏感度
 *
 * @example
 * import { sigmoidMse } from '@gradtape/nn/sensitivity';
 * sigmoidMse.delta(tensor([0.5]), tensor([1])); // [-0.125]
 */
export const sigmoidMse: SimplePairing = {
  activation: sigmoid,
  loss: rule(
    {
      name: 'sigmoidMse.loss',
      statement: latex`E = \tfrac{1}{2} \lVert \sigma(z) - t \rVert_2^2`,
      place: sections.squaredErrorLayer,
      shapes: fromNetInput,
    },
    (z: Tensor, t: Tensor) => meanSquaredError.forward(sigmoid(z), t),
  ),
  delta: rule(
    {
      name: 'sigmoidMse.delta',
      statement: latex`\delta^{(L)} = (a^{(L)} - t) a^{(L)} (1 - a^{(L)})`,
      place: `${sections.squaredErrorLayer}; ${sections.answers} 练习2`,
      shapes: fromOutput,
    },
    (a: Tensor, t: Tensor) => a.sub(t).mul(a).mul(a.neg().add(1)),
  ),
};

/**
 * Sigmoid with the binary cross-entropy: `δ = a - t`. The loss is computed as `log(1 + eᶻ) - t z`, which stays finite where
 * the sigmoid rounds to 0 or 1. Several outputs are classified each by itself. 反向传播 二、反向传播中的损失函数与参数更新
 *
 * @example
 * import { sigmoidBce } from '@gradtape/nn/sensitivity';
 * sigmoidBce.delta(tensor([0.75]), tensor([1])); // [-0.25]
 * sigmoidBce.loss(tensor([-1000]), tensor([1])).item(); // 1000
 */
export const sigmoidBce: SimplePairing = {
  activation: sigmoid,
  loss: rule(
    {
      name: 'sigmoidBce.loss',
      statement: latex`E = -[t \log \sigma(z) + (1 - t) \log(1 - \sigma(z))] = \log(1 + e^z) - t z`,
      place: sections.losses,
      shapes: fromNetInput,
    },
    // log(1 + eᶻ) = max(z, 0) + log(1 + e^{-|z|})
    (z: Tensor, t: Tensor) => z.maximum(0).add(z.abs().neg().exp().log1p()).sub(t.mul(z)).sum(0),
  ),
  delta: rule(
    {
      name: 'sigmoidBce.delta',
      statement: latex`\delta^{(L)} = a^{(L)} - t`,
      place: `${sections.losses}; ${sections.backwardSummary}; ${sections.answers} 练习2; ${sections.overview}`,
      shapes: fromOutput,
    },
    (a: Tensor, t: Tensor) => a.sub(t),
  ),
};

/**
 * Softmax with the cross-entropy: `δ = y - t`, for targets that add up to 1 in each sample. The loss is computed from the
 * net input, shifted by its largest entry. 反向传播 二、反向传播中的损失函数与参数更新; 五、回顾：Softmax 层的局部敏感度
 *
 * @example
 * import { softmaxCrossEntropy } from '@gradtape/nn/sensitivity';
 * softmaxCrossEntropy.delta(tensor([0.25, 0.75]), tensor([1, 0])); // [-0.75, 0.75]
 * softmaxCrossEntropy.loss(tensor([0, 1000]), tensor([1, 0])).item(); // 1000
 */
export const softmaxCrossEntropy: SimplePairing = {
  activation: softmax,
  loss: rule(
    {
      name: 'softmaxCrossEntropy.loss',
      statement: latex`E = -\sum_k t_k \log y_k = \sum_k t_k \Bigl(\log \sum_j e^{z_j} - z_k\Bigr)`,
      place: sections.losses,
      shapes: fromNetInput,
    },
    (z: Tensor, t: Tensor) => {
      const shifted = z.sub(z.amax(0, { keepDim: true }));
      return shifted.exp().sum(0, { keepDim: true }).log().sub(shifted).mul(t).sum(0);
    },
  ),
  delta: rule(
    {
      name: 'softmaxCrossEntropy.delta',
      statement: latex`\delta^{(L)} = \frac{\partial E}{\partial z^{(L)}} = y - t`,
      place: `${sections.losses}; ${sections.softmaxLayer}; ${sections.backwardSummary}; ${sections.softmaxExample}; ${sections.hints}; ${sections.answers} 练习3; ${sections.overview}`,
      shapes: fromOutput,
    },
    (y: Tensor, t: Tensor) => y.sub(t),
  ),
};
