import { numbersOf, type Tensor } from '@gradtape/autograd';
import type { OptimizerOptions, ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { atLeastZero, belowOne, checkSetting } from './settings.ts';
import { choose, type Decay, decayed, decayNumber, decayOf, updateRule } from './update-rule.ts';

/** What Adam and its relatives have in common. */
export interface MomentOptions extends OptimizerOptions {
  /** How slowly the two moments forget. Default: [0.9, 0.999]. */
  betas: readonly [number, number];
  /** What keeps the divisor from zero. Default: 1e-8. */
  eps: number;
  /** λ: how strongly parameters are pulled towards zero. Default: 0. */
  weightDecay: number;
}

export interface AdamOptions extends MomentOptions {
  /** Divide by the largest second moment so far (Reddi et al., 2018). Default: false. */
  amsgrad: boolean;
  /** Whether weight decay acts on the parameter itself instead of on its gradient: AdamW. Default: false. */
  decoupledWeightDecay: boolean;
}

const rule = updateRule<{ amsgrad: boolean; decay: Decay; maximize: boolean }>(
  (on) =>
    (parameter, gradient, [beta1, rest1, beta2, rest2, stepSize, rootScale, eps, decay], [first, second, largest]) => {
      const [w, g] = decayed(on, parameter, gradient, decay);
      const m = first.mul(beta1).add(g.mul(rest1));
      const v = second.mul(beta2).add(g.mul(g).mul(rest2));
      const top = on.amsgrad ? largest.maximum(v) : v;
      const next = w.sub(m.mul(stepSize).div(top.sqrt().mul(rootScale).add(eps)));
      return on.amsgrad ? [next, m, v, top] : [next, m, v];
    },
);

/** Throws for moments' settings that are out of range. */
export function checkMomentOptions(owner: object, { betas, eps, weightDecay }: MomentOptions): void {
  checkSetting(owner, 'betas[0]', betas[0], belowOne);
  checkSetting(owner, 'betas[1]', betas[1], belowOne);
  checkSetting(owner, 'eps', eps, atLeastZero);
  checkSetting(owner, 'weightDecay', weightDecay, atLeastZero);
}

const defaults: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  decoupledWeightDecay: false,
  maximize: false,
};

/**
 * Adam (Kingma and Ba, 2015): running means of the gradient and of its square, freed of their bias towards zero,
 * `m ← β₁ m + (1-β₁) g`, `v ← β₂ v + (1-β₂) g²`, `w ← w - η (m / (1-β₁ᵗ)) / (√(v / (1-β₂ᵗ)) + ε)`.
 * One pass over each parameter's memory.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new Adam([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.9, -0.9]
 */
export class Adam extends ParameterwiseOptimizer<AdamOptions> {
  constructor(params: ParametersOrGroups<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: AdamOptions): void {
    super.checkOptions(options);
    checkMomentOptions(this, options);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdamOptions): Tensor {
    const on = choose(() => ({
      amsgrad: options.amsgrad,
      decay: decayOf(options.weightDecay, options.decoupledWeightDecay),
      maximize: options.maximize,
    }));
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, betas, eps, weightDecay, decoupledWeightDecay } = options;
      const [beta1, beta2] = betas;
      const step = this.count(state);
      const rootScale = 1 / Math.sqrt(1 - beta2 ** step);
      const decay = decayNumber(lr, weightDecay, decoupledWeightDecay);
      return [beta1, 1 - beta1, beta2, 1 - beta2, lr / (1 - beta1 ** step), rootScale, eps, decay];
    });
    const names = ['expAvg', 'expAvgSq', ...(on.amsgrad ? ['maxExpAvgSq'] : [])];
    const moments = names.map((name) => this.moment(state, name, parameter));
    return rule(on, parameter, gradient, numbers, moments);
  }
}
