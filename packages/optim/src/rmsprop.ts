import { numbersOf, type Tensor } from '@gradtape/autograd';
import type { OptimizerOptions, ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { atLeastZero, checkSetting, fromZeroToOne } from './settings.ts';
import { choose, type Decay, decayed, decayOf, updateRule } from './update-rule.ts';

export interface RMSpropOptions extends OptimizerOptions {
  /** How slowly the mean square forgets. Default: 0.99. */
  alpha: number;
  /** What keeps the divisor from zero. Default: 1e-8. */
  eps: number;
  /** A factor times the parameter that is added to its gradient. Default: 0. */
  weightDecay: number;
  /** How much of the last step goes into the next. Default: 0. */
  momentum: number;
  /** Divide by the standard deviation of the gradient, in place of its root mean square. Default: false. */
  centered: boolean;
}

const rule = updateRule<{ centered: boolean; momentum: boolean; decay: Decay; maximize: boolean }>(
  (on) =>
    (parameter, gradient, [lr, alpha, rest, eps, momentum, decay], [square, ...others]) => {
      const [mean, velocity] = on.centered ? others : [undefined, ...others];
      const [w, g] = decayed(on, parameter, gradient, decay);
      const s = square.mul(alpha).add(g.mul(g).mul(rest));
      const m = mean?.mul(alpha).add(g.mul(rest));
      // Of a constant gradient the variance is zero but for rounding, and may come out below it.
      const root = (m ? s.sub(m.mul(m)).maximum(0) : s).sqrt();
      const scaled = g.div(root.add(eps));
      const v = velocity?.mul(momentum).add(scaled) ?? scaled;
      return [w.sub(v.mul(lr)), s, ...(m ? [m] : []), ...(velocity ? [v] : [])];
    },
);

const defaults: RMSpropOptions = {
  lr: 1e-2,
  alpha: 0.99,
  eps: 1e-8,
  weightDecay: 0,
  momentum: 0,
  centered: false,
  maximize: false,
};

/**
 * RMSprop (Hinton, 2012): the gradient over its running root mean square, `s ← α s + (1-α) g²`, `w ← w - η g / (√s + ε)`.
 * `centered` takes `√(s - m²)` with the running mean `m ← α m + (1-α) g` (Graves, 2013); with `momentum`,
 * `v ← μ v + g / (√s + ε)`, `w ← w - η v`.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new RMSprop([w], { lr: 0.01 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.9, -0.9]
 */
export class RMSprop extends ParameterwiseOptimizer<RMSpropOptions> {
  constructor(params: ParametersOrGroups<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: RMSpropOptions): void {
    super.checkOptions(options);
    checkSetting(this, 'alpha', options.alpha, fromZeroToOne);
    checkSetting(this, 'eps', options.eps, atLeastZero);
    checkSetting(this, 'weightDecay', options.weightDecay, atLeastZero);
    checkSetting(this, 'momentum', options.momentum, atLeastZero);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: RMSpropOptions): Tensor {
    const on = choose(() => ({
      centered: options.centered,
      momentum: options.momentum > 0,
      decay: decayOf(options.weightDecay, false),
      maximize: options.maximize,
    }));
    const numbers = numbersOf(parameter.dtype, () => {
      this.count(state);
      const { lr, alpha, eps, momentum, weightDecay } = options;
      return [lr, alpha, 1 - alpha, eps, momentum, weightDecay];
    });
    const names = ['squareAvg', ...(on.centered ? ['gradAvg'] : []), ...(on.momentum ? ['momentumBuffer'] : [])];
    const moments = names.map((name) => this.moment(state, name, parameter));
    return rule(on, parameter, gradient, numbers, moments);
  }
}
