import { numbersOf, type Tensor } from '@gradtape/autograd';
import type { OptimizerOptions, ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { atLeastZero, belowOne, checkSetting } from './settings.ts';
import { choose, type Decay, decayed, decayNumber, decayOf, updateRule } from './update-rule.ts';

export interface LionOptions extends OptimizerOptions {
  /** How much of the momentum is in the step's direction, and how slowly the momentum forgets. Default: [0.9, 0.99]. */
  betas: readonly [number, number];
  /** λ of decoupled weight decay: about ten times AdamW's, as `lr` is a tenth. Default: 0. */
  weightDecay: number;
}

const rule = updateRule<{ decay: Decay; maximize: boolean }>(
  (on) =>
    (parameter, gradient, [lr, beta1, rest1, beta2, rest2, decay], [momentum]) => {
      const [w, g] = decayed(on, parameter, gradient, decay);
      const direction = momentum.mul(beta1).add(g.mul(rest1)).sign();
      return [w.sub(direction.mul(lr)), momentum.mul(beta2).add(g.mul(rest2))];
    },
);

const defaults: LionOptions = { lr: 1e-4, betas: [0.9, 0.99], weightDecay: 0, maximize: false };

/**
 * Lion (Chen et al., 2023): `w ← (1 - η λ) w - η sign(β₁ m + (1-β₁) g)`, then `m ← β₂ m + (1-β₂) g`. It keeps half of
 * what Adam keeps.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new Lion([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.9, -0.9]
 */
export class Lion extends ParameterwiseOptimizer<LionOptions> {
  constructor(params: ParametersOrGroups<LionOptions>, options: Partial<LionOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: LionOptions): void {
    super.checkOptions(options);
    checkSetting(this, 'betas[0]', options.betas[0], belowOne);
    checkSetting(this, 'betas[1]', options.betas[1], belowOne);
    checkSetting(this, 'weightDecay', options.weightDecay, atLeastZero);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: LionOptions): Tensor {
    const on = choose(() => ({ decay: decayOf(options.weightDecay, true), maximize: options.maximize }));
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, betas, weightDecay } = options;
      const [beta1, beta2] = betas;
      return [lr, beta1, 1 - beta1, beta2, 1 - beta2, decayNumber(lr, weightDecay, true)];
    });
    return rule(on, parameter, gradient, numbers, [this.moment(state, 'expAvg', parameter)]);
  }
}
