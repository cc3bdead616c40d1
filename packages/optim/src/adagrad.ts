import { full, numbersOf, type Tensor } from '@gradtape/autograd';
import type { OptimizerOptions, ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { atLeastZero, checkSetting } from './settings.ts';
import { choose, type Decay, decayed, decayOf, updateRule } from './update-rule.ts';

export interface AdagradOptions extends OptimizerOptions {
  /** How fast the learning rate falls: it is `lr / (1 + (t-1) lrDecay)` in step t. Default: 0. */
  lrDecay: number;
  /** A factor times the parameter that is added to its gradient. Default: 0. */
  weightDecay: number;
  /** What the sums of squares begin with. Default: 0. */
  initialAccumulatorValue: number;
  /** What keeps the divisor from zero. Default: 1e-10. */
  eps: number;
}

const rule = updateRule<{ decay: Decay; maximize: boolean }>(
  (on) =>
    (parameter, gradient, [rate, eps, decay], [sum]) => {
      const [w, g] = decayed(on, parameter, gradient, decay);
      const total = sum.add(g.mul(g));
      return [w.sub(g.mul(rate).div(total.sqrt().add(eps))), total];
    },
);

const defaults: AdagradOptions = {
  lr: 1e-2,
  lrDecay: 0,
  weightDecay: 0,
  initialAccumulatorValue: 0,
  eps: 1e-10,
  maximize: false,
};

/**
 * Adagrad (Duchi et al., 2011): the gradient over the root of the sum of its squares, `s ← s + g²`,
 * `w ← w - η / (1 + (t-1) lrDecay) · g / (√s + ε)`.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new Adagrad([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.9, -0.9]
 */
export class Adagrad extends ParameterwiseOptimizer<AdagradOptions> {
  constructor(params: ParametersOrGroups<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: AdagradOptions): void {
    super.checkOptions(options);
    for (const name of ['lrDecay', 'weightDecay', 'initialAccumulatorValue', 'eps'] as const)
      checkSetting(this, name, options[name], atLeastZero);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdagradOptions): Tensor {
    const on = choose(() => ({ decay: decayOf(options.weightDecay, false), maximize: options.maximize }));
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, lrDecay, eps, weightDecay } = options;
      return [lr / (1 + (this.count(state) - 1) * lrDecay), eps, weightDecay];
    });
    const sum = this.moment(state, 'sum', parameter, ({ shape, dtype }) =>
      full(shape, options.initialAccumulatorValue, { dtype }),
    );
    return rule(on, parameter, gradient, numbers, [sum]);
  }
}
