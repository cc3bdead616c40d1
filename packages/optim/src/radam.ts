import { numbersOf, type Tensor } from '@gradtape/autograd';
import { checkMomentOptions, type MomentOptions } from './adam.ts';
import type { ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { choose, type Decay, decayed, decayNumber, decayOf, updateRule } from './update-rule.ts';

export interface RAdamOptions extends MomentOptions {
  /** Whether weight decay acts on the parameter itself instead of on its gradient, as in AdamW. Default: false. */
  decoupledWeightDecay: boolean;
}

// The divisor is √v + ε, or 1 while v is not known well enough: rootShare is then 0 and rest 1.
const rule = updateRule<{ decay: Decay; maximize: boolean }>(
  (on) =>
    (parameter, gradient, [beta1, rest1, beta2, rest2, stepSize, rootShare, rest, decay], [first, second]) => {
      const [w, g] = decayed(on, parameter, gradient, decay);
      const m = first.mul(beta1).add(g.mul(rest1));
      const v = second.mul(beta2).add(g.mul(g).mul(rest2));
      return [w.sub(m.mul(stepSize).div(v.sqrt().mul(rootShare).add(rest))), m, v];
    },
);

const defaults: RAdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
  maximize: false,
};

/**
 * Rectified Adam (Liu et al., 2020): Adam that divides by the second moment only once enough steps have told what it is, and
 * corrects for how little they tell. With `ρ∞ = 2/(1-β₂) - 1`, `ρₜ = ρ∞ - 2 t β₂ᵗ / (1-β₂ᵗ)` and m, v as in {@link Adam}:
 * `w ← w - η r m/(1-β₁ᵗ) · √(1-β₂ᵗ) / (√v + ε)` with `r² = (ρₜ-4)(ρₜ-2)ρ∞ / ((ρ∞-4)(ρ∞-2)ρₜ)` where ρₜ > 5,
 * `w ← w - η m/(1-β₁ᵗ)` before.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new RAdam([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.8, -0.8]
 */
export class RAdam extends ParameterwiseOptimizer<RAdamOptions> {
  constructor(params: ParametersOrGroups<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: RAdamOptions): void {
    super.checkOptions(options);
    checkMomentOptions(this, options);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: RAdamOptions): Tensor {
    const on = choose(() => ({
      decay: decayOf(options.weightDecay, options.decoupledWeightDecay),
      maximize: options.maximize,
    }));
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, betas, eps, weightDecay, decoupledWeightDecay } = options;
      const [beta1, beta2] = betas;
      const step = this.count(state);
      const factor = rectification(beta2, step);
      const stepSize = (lr / (1 - beta1 ** step)) * (factor ?? 1);
      const divisor = factor === undefined ? [0, 1] : [1, eps];
      const decay = decayNumber(lr, weightDecay, decoupledWeightDecay);
      return [beta1, 1 - beta1, beta2, 1 - beta2, stepSize, ...divisor, decay];
    });
    const moments = ['expAvg', 'expAvgSq'].map((name) => this.moment(state, name, parameter));
    return rule(on, parameter, gradient, numbers, moments);
  }
}

/** `r √(1-β₂ᵗ)`; undefined while the second moment is of too few steps to divide by. */
function rectification(beta2: number, step: number): number | undefined {
  const power = beta2 ** step;
  const most = 2 / (1 - beta2) - 1;
  const length = most - (2 * step * power) / (1 - power);
  if (length <= 5) return undefined;
  const squared = ((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length);
  return Math.sqrt(squared * (1 - power));
}
