import { numbersOf, type Tensor } from '@gradtape/autograd';
import type { OptimizerOptions, ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { atLeastZero, checkSetting, fromZeroToOne } from './settings.ts';
import { choose, type Decay, decayed, decayOf, updateRule } from './update-rule.ts';

export interface AdadeltaOptions extends OptimizerOptions {
  /** How slowly the two mean squares forget. Default: 0.9. */
  rho: number;
  /** What keeps both roots from zero, and sets how large the first steps are. Default: 1e-6. */
  eps: number;
  /** A factor times the parameter that is added to its gradient. Default: 0. */
  weightDecay: number;
}

const rule = updateRule<{ decay: Decay; maximize: boolean }>(
  (on) =>
    (parameter, gradient, [lr, rho, rest, eps, decay], [square, stepSquare]) => {
      const [w, g] = decayed(on, parameter, gradient, decay);
      const s = square.mul(rho).add(g.mul(g).mul(rest));
      const step = stepSquare.add(eps).sqrt().div(s.add(eps).sqrt()).mul(g);
      return [w.sub(step.mul(lr)), s, stepSquare.mul(rho).add(step.mul(step).mul(rest))];
    },
);

const defaults: AdadeltaOptions = { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false };

/**
 * Adadelta (Zeiler, 2012): steps as large as steps of late were, for a gradient as large as gradients of late were,
 * `s ← ρ s + (1-ρ) g²`, `d = √(u + ε) / √(s + ε) · g`, `u ← ρ u + (1-ρ) d²`, `w ← w - η d`.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new Adadelta([w]);
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.99684, -0.99684]
 */
export class Adadelta extends ParameterwiseOptimizer<AdadeltaOptions> {
  constructor(params: ParametersOrGroups<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: AdadeltaOptions): void {
    super.checkOptions(options);
    checkSetting(this, 'rho', options.rho, fromZeroToOne);
    checkSetting(this, 'eps', options.eps, atLeastZero);
    checkSetting(this, 'weightDecay', options.weightDecay, atLeastZero);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdadeltaOptions): Tensor {
    const on = choose(() => ({ decay: decayOf(options.weightDecay, false), maximize: options.maximize }));
    const numbers = numbersOf(parameter.dtype, () => {
      this.count(state);
      const { lr, rho, eps, weightDecay } = options;
      return [lr, rho, 1 - rho, eps, weightDecay];
    });
    const moments = ['squareAvg', 'accDelta'].map((name) => this.moment(state, name, parameter));
    return rule(on, parameter, gradient, numbers, moments);
  }
}
