import { numbersOf, type Slot, type Tensor } from '@gradtape/autograd';
import { copyOf } from './copy-of.ts';
import type { OptimizerOptions, ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { atLeastZero, checkSetting, finite } from './settings.ts';
import { choose, type Decay, decayed, decayOf, updateRule } from './update-rule.ts';

export interface ASGDOptions extends OptimizerOptions {
  /** λ: how strongly parameters are pulled towards zero, and the rate falls. Default: 1e-4. */
  lambd: number;
  /** The power with which the rate falls. Default: 0.75. */
  alpha: number;
  /** After how many steps averaging begins; until then the average is the parameter. Default: 1e6. */
  t0: number;
  /** A factor times the parameter that is added to its gradient. Default: 0. */
  weightDecay: number;
}

const rule = updateRule<{ decay: Decay; maximize: boolean }>(
  (on) =>
    (parameter, gradient, [rate, shrinking, weight, rest, decay], [average]) => {
      const [w, g] = decayed(on, parameter, gradient, decay);
      const next = w.mul(shrinking).sub(g.mul(rate));
      return [next, average.mul(rest).add(next.mul(weight))];
    },
);

const defaults: ASGDOptions = { lr: 1e-2, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false };

/**
 * Averaged stochastic gradient descent (Polyak and Juditsky, 1992): `w ← (1 - λ ηₜ) w - ηₜ g`, with the rate
 * `ηₜ₊₁ = η / (1 + λ η t)^α`, and beside it the average of w over the steps after t₀, which `averages` gives. As in
 * PyTorch, a change of `lr` shows one step later.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new ASGD([w], { lr: 0.1, lambd: 0 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.8, -0.8]
 */
export class ASGD extends ParameterwiseOptimizer<ASGDOptions> {
  protected override readonly numbers: readonly string[] = ['step', 'eta', 'mu'];

  constructor(params: ParametersOrGroups<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    super(params, defaults, options);
  }

  /** The average of each parameter, in the order of the groups; of one that took no step, its value. */
  averages(): Tensor[] {
    return this.parameters().map((parameter) => {
      const average = this.state.get(parameter)?.ax as Slot<Tensor> | undefined;
      return average ? copyOf(average.get()) : parameter.value;
    });
  }

  protected override checkOptions(options: ASGDOptions): void {
    super.checkOptions(options);
    checkSetting(this, 'lambd', options.lambd, finite);
    checkSetting(this, 'alpha', options.alpha, finite);
    checkSetting(this, 't0', options.t0, atLeastZero);
    checkSetting(this, 'weightDecay', options.weightDecay, atLeastZero);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: ASGDOptions): Tensor {
    const on = choose(() => ({ decay: decayOf(options.weightDecay, false), maximize: options.maximize }));
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, lambd, alpha, t0, weightDecay } = options;
      // PyTorch keeps both in single precision, which shows in the ninth digit of the parameters.
      const [rate, weight] = [this.number(state, 'eta', Math.fround(lr)), this.number(state, 'mu', 1)];
      const step = this.count(state);
      state.eta = Math.fround(lr / (1 + lambd * lr * step) ** alpha);
      state.mu = Math.fround(1 / Math.max(1, step - t0));
      return [rate, 1 - lambd * rate, weight, 1 - weight, weightDecay];
    });
    return rule(on, parameter, gradient, numbers, [this.moment(state, 'ax', parameter)]);
  }
}
