import { numbersOf, type Tensor } from '@gradtape/autograd';
import { checkMomentOptions, type MomentOptions } from './adam.ts';
import type { ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { atLeastZero, checkSetting } from './settings.ts';
import { choose, type Decay, decayed, decayNumber, decayOf, updateRule } from './update-rule.ts';

export interface NAdamOptions extends MomentOptions {
  /** ψ: how fast the momentum rises to β₁. Default: 4e-3. */
  momentumDecay: number;
  /** Whether weight decay acts on the parameter itself instead of on its gradient, as in AdamW. Default: false. */
  decoupledWeightDecay: boolean;
}

const rule = updateRule<{ decay: Decay; maximize: boolean }>(
  (on) =>
    (
      parameter,
      gradient,
      [beta1, rest1, beta2, rest2, gradientStep, momentStep, rootScale, eps, decay],
      [first, second],
    ) => {
      const [w, g] = decayed(on, parameter, gradient, decay);
      const m = first.mul(beta1).add(g.mul(rest1));
      const v = second.mul(beta2).add(g.mul(g).mul(rest2));
      const step = g.mul(gradientStep).add(m.mul(momentStep));
      return [w.sub(step.div(v.sqrt().mul(rootScale).add(eps))), m, v];
    },
);

const defaults: NAdamOptions = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  momentumDecay: 4e-3,
  decoupledWeightDecay: false,
  maximize: false,
};

/**
 * Adam with Nesterov's momentum (Dozat, 2016). With `μₜ = β₁ (1 - ½ 0.96^(t ψ))` and m, v as in {@link Adam},
 * `w ← w - η (μₜ₊₁ m / (1 - μ₁⋯μₜ₊₁) + (1-μₜ) g / (1 - μ₁⋯μₜ)) / (√(v / (1-β₂ᵗ)) + ε)`.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new NAdam([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.89435, -0.89435]
 */
export class NAdam extends ParameterwiseOptimizer<NAdamOptions> {
  protected override readonly numbers: readonly string[] = ['step', 'muProduct'];

  constructor(params: ParametersOrGroups<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: NAdamOptions): void {
    super.checkOptions(options);
    checkMomentOptions(this, options);
    checkSetting(this, 'momentumDecay', options.momentumDecay, atLeastZero);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: NAdamOptions): Tensor {
    const on = choose(() => ({
      decay: decayOf(options.weightDecay, options.decoupledWeightDecay),
      maximize: options.maximize,
    }));
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, betas, eps, weightDecay, momentumDecay, decoupledWeightDecay } = options;
      const [beta1, beta2] = betas;
      const step = this.count(state);
      const momentum = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay));
      // PyTorch keeps the product in single precision, which shows in the ninth digit of the parameters.
      const product = Math.fround(this.number(state, 'muProduct', 1) * Math.fround(momentum(step)));
      state.muProduct = product;
      const gradientStep = (lr * (1 - momentum(step))) / (1 - product);
      const momentStep = (lr * momentum(step + 1)) / (1 - product * momentum(step + 1));
      const rootScale = 1 / Math.sqrt(1 - beta2 ** step);
      const decay = decayNumber(lr, weightDecay, decoupledWeightDecay);
      return [beta1, 1 - beta1, beta2, 1 - beta2, gradientStep, momentStep, rootScale, eps, decay];
    });
    const moments = ['expAvg', 'expAvgSq'].map((name) => this.moment(state, name, parameter));
    return rule(on, parameter, gradient, numbers, moments);
  }
}
