import { enableGrad, type Tensor } from '@gradtape/autograd';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

// Steps down the gradient of one parameter of any shape; parameter, velocity and gradient have the same.

/**
 * Gradient descent, of a weight as of a bias: `W ← W - η ∂E/∂W`. 反向传播 二、反向传播中的损失函数与参数更新
 *
 * @example
 * import { gradientStep } from '@gradtape/nn/sensitivity';
 * gradientStep(tensor([1, 2]), tensor([10, -10]), 0.1); // [0, 3]
 */
export const gradientStep: Rule<[W: Tensor, gradient: Tensor, eta: number], Tensor> = rule(
  {
    name: 'gradientStep',
    statement: latex`W^{(l)} \leftarrow W^{(l)} - \eta \frac{\partial E}{\partial W^{(l)}}, \quad b^{(l)} \leftarrow b^{(l)} - \eta \frac{\partial E}{\partial b^{(l)}}`,
    place: sections.losses,
    shapes: 'W […], gradient […], eta -> […]',
  },
  (W, gradient, eta) => W.sub(gradient.mul(eta)),
);

/**
 * Momentum with the learning rate outside of the velocity: `v ← μ v + ∇E`, `W ← W - η v`, μ in [0, 1).
 * 反向传播 二、反向传播中的损失函数与参数更新
 *
 * @example
 * import { momentumStep } from '@gradtape/nn/sensitivity';
 * const { W, v } = momentumStep(tensor([1]), tensor([2]), tensor([10]), { eta: 0.1, mu: 0.5 });
 * v; // [11]
 * W; // [-0.1]
 */
export const momentumStep: Rule<
  [W: Tensor, v: Tensor, gradient: Tensor, rates: { readonly eta: number; readonly mu: number }],
  { W: Tensor; v: Tensor }
> = rule(
  {
    name: 'momentumStep',
    statement: latex`v \leftarrow \mu v + \nabla E, \quad W \leftarrow W - \eta v`,
    place: sections.losses,
    shapes: 'W […], v […], gradient […], rates -> W […], v […]',
  },
  (W, v, gradient, { eta, mu }) => {
    const velocity = v.mul(mu).add(gradient);
    return { W: gradientStep(W, velocity, eta), v: velocity };
  },
);

/** Where the parameter is after a step, and how fast it moves. */
export interface Moving {
  readonly theta: Tensor;
  readonly v: Tensor;
}

/** How much of the velocity stays, and how much of the gradient joins it. */
export interface MovingRates {
  /** In (0, 1]. */
  readonly gamma: number;
  /** The learning rate. */
  readonly alpha: number;
}

/**
 * Momentum with the learning rate inside of the velocity, the heavy ball: `v ← γ v - α ∇J`, `θ ← θ + v`.
 * 训练技巧 五、动量（Momentum）
 *
 * @example
 * import { heavyBallStep } from '@gradtape/nn/sensitivity';
 * const { theta, v } = heavyBallStep(tensor([1]), tensor([2]), tensor([10]), { alpha: 0.1, gamma: 0.5 });
 * v; // [0]
 * theta; // [1]
 */
export const heavyBallStep: Rule<[theta: Tensor, v: Tensor, gradient: Tensor, rates: MovingRates], Moving> = rule(
  {
    name: 'heavyBallStep',
    statement: latex`\mathbf{v} \leftarrow \gamma \mathbf{v} - \alpha \nabla_\theta J, \quad \theta \leftarrow \theta + \mathbf{v}`,
    place: `${sections.momentum}; ${sections.trainingSummary}; ${sections.overview}`,
    shapes: 'theta […], v […], gradient […], rates -> theta […], v […]',
  },
  (theta, v, gradient, { gamma, alpha }) => {
    const velocity = v.mul(gamma).sub(gradient.mul(alpha));
    return { theta: theta.add(velocity), v: velocity };
  },
);

/**
 * Nesterov's momentum: the heavy ball with the gradient of the point that the velocity alone would lead to,
 * `v ← γ v - α ∇J(θ + γ v)`, `θ ← θ + v`. 训练技巧 五、动量（Momentum）
 *
 * @param gradientAt `∇J`, however it is computed; the tape may record it.
 * @example
 * import { nesterovStep } from '@gradtape/nn/sensitivity';
 * const gradientOfSquare = (theta: Tensor) => theta.mul(2);
 * nesterovStep(tensor([1]), tensor([2]), gradientOfSquare, { alpha: 0.1, gamma: 0.5 }).v; // [0.6]
 */
export const nesterovStep: Rule<
  [theta: Tensor, v: Tensor, gradientAt: (theta: Tensor) => Tensor, rates: MovingRates],
  Moving
> = rule(
  {
    name: 'nesterovStep',
    statement: latex`\mathbf{v} \leftarrow \gamma \mathbf{v} - \alpha \nabla_\theta J(\theta + \gamma \mathbf{v}), \quad \theta \leftarrow \theta + \mathbf{v}`,
    place: sections.momentum,
    shapes: 'theta […], v […], gradientAt, rates -> theta […], v […]',
  },
  (theta, v, gradientAt, rates) => {
    const ahead = theta.add(v.mul(rates.gamma));
    return heavyBallStep(
      theta,
      v,
      enableGrad(() => gradientAt(ahead)),
      rates,
    );
  },
);
