import { type Tensor, where } from '@gradtape/autograd';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

/**
 * The loss sublayer: from outputs y and targets t, both `[n]` or columns `[n, m]`, to the loss `E` of each sample, `[]` or
 * `[m]`; and back to `∂E/∂y`, of the shape of y.
 */
export interface LossSublayer<Options extends readonly unknown[] = []> {
  readonly forward: Rule<[y: Tensor, t: Tensor, ...Options], Tensor>;
  readonly backward: Rule<[y: Tensor, t: Tensor, ...Options], Tensor>;
}

const ofSamples = 'y [n, …], t [n, …] -> […]';
const ofOutputs = 'y [n, …], t [n, …] -> [n, …]';

/** `t x`, but 0 where t is 0: what does not count may be infinite, as log 0 is. */
function counted(t: Tensor, x: Tensor): Tensor {
  return where(t.eq(0), 0, t.mul(x));
}

function complement(p: Tensor): Tensor {
  return p.neg().add(1);
}

/**
 * What the document calls MSE, `E = ‖y - t‖² / 2` with `∂E/∂y = y - t`: half of the sum over the outputs, and no mean (the mean is
 * taken over the samples, of `E`). 层分解（Layer Decomposition）
 *
 * @example
 * import { meanSquaredError } from '@gradtape/nn/sensitivity';
 * meanSquaredError.forward(tensor([3, 1]), tensor([1, 0])).item(); // 2.5
 * meanSquaredError.backward(tensor([3, 1]), tensor([1, 0])); // [2, 1]
 */
export const meanSquaredError: LossSublayer = {
  forward: rule(
    {
      name: 'meanSquaredError.forward',
      statement: latex`E = \tfrac{1}{2} \lVert y^{(L)} - t \rVert_2^2 = \tfrac{1}{2} \sum_k (y_k^{(L)} - t_k)^2`,
      place: `${sections.layers}; ${sections.losses}; ${sections.adaline}`,
      shapes: ofSamples,
    },
    (y: Tensor, t: Tensor) => y.sub(t).square().sum(0).div(2),
  ),
  backward: rule(
    {
      name: 'meanSquaredError.backward',
      statement: latex`\frac{\partial E}{\partial y} = y - t`,
      place: `${sections.layers}; ${sections.flexible}`,
      shapes: ofOutputs,
    },
    (y: Tensor, t: Tensor) => y.sub(t),
  ),
};

/**
 * `E = -[t log y + (1 - t) log(1 - y)]` with `∂E/∂y = -t / y + (1 - t) / (1 - y)`, for probabilities y and targets t from 0
 * to 1, added up over the outputs. 反向传播 二、反向传播中的损失函数与参数更新
 *
 * @example
 * import { binaryCrossEntropy } from '@gradtape/nn/sensitivity';
 * binaryCrossEntropy.backward(tensor([0.25]), tensor([1])); // [-4]
 */
export const binaryCrossEntropy: LossSublayer = {
  forward: rule(
    {
      name: 'binaryCrossEntropy.forward',
      statement: latex`E = -[t \log y + (1 - t) \log(1 - y)]`,
      place: sections.losses,
      shapes: ofSamples,
    },
    (y: Tensor, t: Tensor) =>
      counted(t, y.log())
        .add(counted(complement(t), y.neg().log1p()))
        .sum(0)
        .neg(),
  ),
  backward: rule(
    {
      name: 'binaryCrossEntropy.backward',
      statement: latex`\frac{\partial E}{\partial y} = -\frac{t}{y} + \frac{1 - t}{1 - y}`,
      place: sections.flexible,
      shapes: ofOutputs,
    },
    (y: Tensor, t: Tensor) => counted(complement(t), complement(y).reciprocal()).sub(counted(t, y.reciprocal())),
  ),
};

/**
 * `E = -Σ t_k log y_k` with `∂E/∂y = -t / y`. The document adds an ε to y against log 0: the third argument, 0 if not
 * given. 反向传播 二、反向传播中的损失函数与参数更新; 层分解 三、问题
 *
 * @example
 * import { crossEntropy } from '@gradtape/nn/sensitivity';
 * crossEntropy.forward(tensor([0.25, 0.75]), tensor([1, 0])).item(); // 1.38629
 * crossEntropy.backward(tensor([0.25, 0.75]), tensor([1, 0])); // [-4, 0]
 */
export const crossEntropy: LossSublayer<[epsilon?: number]> = {
  forward: rule(
    {
      name: 'crossEntropy.forward',
      statement: latex`E = -\sum_k t_k \log (y_k + \epsilon)`,
      place: `${sections.losses}; ${sections.experiments}; ${sections.softmaxExample}; ${sections.pitfalls}`,
      shapes: 'y [n, …], t [n, …], epsilon -> […]',
    },
    (y: Tensor, t: Tensor, epsilon = 0) => counted(t, y.add(epsilon).log()).sum(0).neg(),
  ),
  backward: rule(
    {
      name: 'crossEntropy.backward',
      statement: latex`\frac{\partial E}{\partial y_k} = -\frac{t_k}{y_k + \epsilon}`,
      place: sections.flexible,
      shapes: 'y [n, …], t [n, …], epsilon -> [n, …]',
    },
    (y: Tensor, t: Tensor, epsilon = 0) => counted(t, y.add(epsilon).reciprocal()).neg(),
  ),
};
