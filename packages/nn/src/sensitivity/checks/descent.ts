import { grad, type Tensor, zerosLike } from '@gradtape/autograd';
import { gradientStep, heavyBallStep, momentumStep, nesterovStep } from '../descent.ts';
import { againstTape, type Check } from './check.ts';
import type { Draw } from './draw.ts';

// Some steps down a loss whose gradients the tape finds. What the steps should lead to is written without the recurrence.

const STEPS = 4;

interface Descent {
  readonly start: Tensor;
  readonly gradientAt: (W: Tensor) => Tensor;
  /** The same gradient by hand, for the rule that asks for gradients itself. */
  readonly gradientByHand: (W: Tensor) => Tensor;
}

function drawDescent(draw: Draw): Descent {
  const shape = [draw.size(), draw.size()];
  const factors = draw.between(-2, 2, shape);
  return {
    start: draw.between(-2, 2, shape),
    gradientAt: grad((W: Tensor) => W.sin().mul(factors).sum()),
    gradientByHand: (W) => W.cos().mul(factors),
  };
}

/** `Σ factor(i) tensors[i]`. */
function combined(tensors: readonly Tensor[], factor: (i: number) => number): Tensor {
  return tensors.reduce((sum, x, i) => sum.add(x.mul(factor(i))), zerosLike(tensors[0]));
}

/** `1 + r + … + r^(count - 1)`. */
function geometric(r: number, count: number): number {
  return r === 1 ? count : (1 - r ** count) / (1 - r);
}

/** All terms are of about this size. */
function sizeOf({ start }: Descent): Tensor {
  return zerosLike(start).add(1);
}

export const checks: readonly Check[] = [
  againstTape(gradientStep, (rule, draw) => {
    const descent = drawDescent(draw);
    let W = descent.start;
    const met: Tensor[] = [];
    for (let i = 0; i < STEPS; i++) {
      met.push(descent.gradientAt(W));
      W = rule(W, met[i], 0.3);
    }
    return [{ got: W, want: descent.start.sub(combined(met, () => 0.3)), terms: sizeOf(descent) }];
  }),
  // v is the sum of all gradients g_i, each weighed by μ as often as there were steps since.
  againstTape(momentumStep, (rule, draw) => {
    const descent = drawDescent(draw);
    const mu = draw.among([0, 0.5, 0.9]);
    let moving = { W: descent.start, v: zerosLike(descent.start) };
    const met: Tensor[] = [];
    for (let i = 0; i < STEPS; i++) {
      met.push(descent.gradientAt(moving.W));
      moving = rule(moving.W, moving.v, met[i], { eta: 0.3, mu });
    }
    const moved = combined(met, (i) => 0.3 * geometric(mu, STEPS - i));
    return [
      { got: moving.v, want: combined(met, (i) => mu ** (STEPS - 1 - i)), terms: sizeOf(descent) },
      { got: moving.W, want: descent.start.sub(moved), terms: sizeOf(descent) },
    ];
  }),
  againstTape(heavyBallStep, (rule, draw) => {
    const descent = drawDescent(draw);
    const gamma = draw.among([0.5, 0.9, 1]);
    let moving = { theta: descent.start, v: zerosLike(descent.start) };
    const met: Tensor[] = [];
    for (let i = 0; i < STEPS; i++) {
      met.push(descent.gradientAt(moving.theta));
      moving = rule(moving.theta, moving.v, met[i], { alpha: 0.3, gamma });
    }
    const moved = combined(met, (i) => 0.3 * geometric(gamma, STEPS - i));
    return [
      { got: moving.v, want: combined(met, (i) => -0.3 * gamma ** (STEPS - 1 - i)), terms: sizeOf(descent) },
      { got: moving.theta, want: descent.start.sub(moved), terms: sizeOf(descent) },
    ];
  }),
  // Followed from its own point of view φ = θ + γ v: φ ← φ + γ² v - (1 + γ) α ∇J(φ).
  againstTape(nesterovStep, (rule, draw) => {
    const descent = drawDescent(draw);
    const gamma = draw.among([0.5, 0.9, 1]);
    let moving = { theta: descent.start, v: zerosLike(descent.start) };
    let [ahead, velocity] = [moving.theta, moving.v];
    for (let i = 0; i < STEPS; i++) {
      moving = rule(moving.theta, moving.v, descent.gradientByHand, { alpha: 0.3, gamma });
      const gradient = descent.gradientAt(ahead);
      ahead = ahead.add(velocity.mul(gamma ** 2)).sub(gradient.mul((1 + gamma) * 0.3));
      velocity = velocity.mul(gamma).sub(gradient.mul(0.3));
    }
    return [
      { got: moving.v, want: velocity, terms: sizeOf(descent) },
      { got: moving.theta, want: ahead.sub(velocity.mul(gamma)), terms: sizeOf(descent) },
    ];
  }),
];
