import { numbersOf, type Tensor } from '@gradtape/autograd';
import { checkMomentOptions, type MomentOptions } from './adam.ts';
import type { ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { choose, type Decay, decayed, decayOf, updateRule } from './update-rule.ts';

export interface AdamaxOptions extends MomentOptions {}

const rule = updateRule<{ decay: Decay; maximize: boolean }>(
  (on) =>
    (parameter, gradient, [beta1, rest1, beta2, stepSize, eps, decay], [first, largest]) => {
      const [w, g] = decayed(on, parameter, gradient, decay);
      const m = first.mul(beta1).add(g.mul(rest1));
      const u = largest.mul(beta2).maximum(g.abs().add(eps));
      return [w.sub(m.mul(stepSize).div(u)), m, u];
    },
);

const defaults: AdamaxOptions = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false };

/**
 * Adamax (Kingma and Ba, 2015, section 7.1): Adam with the largest gradient of late in place of the root mean square,
 * `m ← β₁ m + (1-β₁) g`, `u ← max(β₂ u, |g| + ε)`, `w ← w - η / (1-β₁ᵗ) · m / u`.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new Adamax([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.9, -0.9]
 */
export class Adamax extends ParameterwiseOptimizer<AdamaxOptions> {
  constructor(params: ParametersOrGroups<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: AdamaxOptions): void {
    super.checkOptions(options);
    checkMomentOptions(this, options);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdamaxOptions): Tensor {
    const on = choose(() => ({ decay: decayOf(options.weightDecay, false), maximize: options.maximize }));
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, betas, eps, weightDecay } = options;
      const [beta1, beta2] = betas;
      return [beta1, 1 - beta1, beta2, lr / (1 - beta1 ** this.count(state)), eps, weightDecay];
    });
    const moments = ['expAvg', 'expInf'].map((name) => this.moment(state, name, parameter));
    return rule(on, parameter, gradient, numbers, moments);
  }
}
