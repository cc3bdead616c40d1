import type { Tensor } from '@gradtape/autograd';
import type { Activation } from './activations/activation.ts';
import { batchBiasGradient, batchWeightGradient } from './batch.ts';
import { dense, denseBiasGradient, denseInputGradient, denseWeightGradient } from './dense.ts';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

// A layer taken apart into a linear sublayer (with parameters), an activation and, at the end, a loss (without): each goes
// forward, and backward from the gradient of what it gave to the gradient of what it took. The losses are in losses.ts.

/** The gradients that the linear sublayer gives: of its weights, of its bias, and of what came in. */
export interface LinearGradients {
  readonly dW: Tensor;
  readonly db: Tensor;
  /** `g = ∂E/∂y` of the layer before. */
  readonly g: Tensor;
}

/** The linear sublayer `u = W y + b`. */
export interface LinearSublayer {
  readonly forward: typeof dense;
  readonly backward: Rule<[W: Tensor, y: Tensor, delta: Tensor], LinearGradients>;
}

/**
 * The fully connected sublayer: `u = W y + b`, and from `δ = ∂E/∂u` back to `dW = δ yᵀ`, `db = δ` and `g = Wᵀ δ`. W `[n, k]`,
 * y `[k]`, b and δ `[n]`; for the columns y `[k, m]` and δ `[n, m]` of a batch, dW and db are means over the samples.
 * 层分解（Layer Decomposition）
 *
 * @example
 * import { linearSublayer } from '@gradtape/nn/sensitivity';
 * const W = tensor([[1, 2]]);
 * const { dW, db, g } = linearSublayer.backward(W, tensor([3, 4]), tensor([10]));
 * dW; // [[30, 40]]
 * db; // [10]
 * g; // [10, 20]
 */
export const linearSublayer: LinearSublayer = {
  forward: dense,
  backward: rule(
    {
      name: 'linearSublayer.backward',
      statement: latex`\frac{\partial E}{\partial W} = \delta y^\top, \quad \frac{\partial E}{\partial b} = \delta, \quad g = W^\top \delta`,
      place: `${sections.layers}; ${sections.pitfalls}`,
      shapes: 'W [n, k], y [k, …], delta [n, …] -> dW [n, k], db [n], g [k, …]',
    },
    (W: Tensor, y: Tensor, delta: Tensor) => {
      const oneSample = delta.rank === 1;
      return {
        dW: oneSample ? denseWeightGradient(delta, y) : batchWeightGradient(delta, y),
        db: oneSample ? denseBiasGradient(delta) : batchBiasGradient(delta),
        g: denseInputGradient(W, delta),
      };
    },
  ),
};

/** The activation sublayer `y = f(u)`. */
export interface ActivationSublayer {
  readonly forward: Rule<[u: Tensor, f: Activation], Tensor>;
  readonly backward: Rule<[g: Tensor, u: Tensor, f: Activation], Tensor>;
}

/**
 * An activation as a sublayer: `y = f(u)`, and from `g = ∂E/∂y` back to `δ = ∂E/∂u`, which is g times the transposed Jacobian
 * of f: `g ⊙ f′(u)` for all but softmax. Of the shape of u: `[n]`, or columns `[n, m]`. 层分解（Layer Decomposition）
 *
 * @example
 * import { activationSublayer, relu } from '@gradtape/nn/sensitivity';
 * activationSublayer.forward(tensor([-1, 2]), relu); // [0, 2]
 * activationSublayer.backward(tensor([5, 7]), tensor([-1, 2]), relu); // [0, 7]
 */
export const activationSublayer: ActivationSublayer = {
  forward: rule(
    {
      name: 'activationSublayer.forward',
      statement: latex`y^{(l)} = f^{(l)}(u^{(l)}), \quad A^{(l)} = f^{(l)}(Z^{(l)})`,
      place: `${sections.layers}; ${sections.neuron}; ${sections.vectorForward}; ${sections.forwardSummary}; ${sections.chainRule}; ${sections.vectorBackward}; ${sections.squaredErrorExample}; ${sections.softmaxExample}; ${sections.answers} 练习5; ${sections.overview}`,
      shapes: 'u [n, …], f -> [n, …]',
    },
    (u: Tensor, f: Activation) => f(u),
  ),
  backward: rule(
    {
      name: 'activationSublayer.backward',
      statement: latex`\frac{\partial E}{\partial u} = \Bigl(\frac{\partial y}{\partial u}\Bigr)^\top \frac{\partial E}{\partial y}`,
      place: `${sections.flexible}; ${sections.squaredErrorExample}`,
      shapes: 'g [n, …], u [n, …], f -> [n, …]',
    },
    (g: Tensor, u: Tensor, f: Activation) => f.backward(g, u),
  ),
};
