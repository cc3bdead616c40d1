import { GradtapeError, numbersOf, type Tensor } from '@gradtape/autograd';
import type { OptimizerOptions, ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { atLeastZero, checkSetting, finite } from './settings.ts';
import { choose, type Decay, decayed, decayOf, updateRule } from './update-rule.ts';

export interface SGDOptions extends OptimizerOptions {
  /** How much of the last step goes into the next: μ, at least 0, below 1 for steps that end. Default: 0. */
  momentum: number;
  /** How much of the gradient is left out of the momentum after the first step. Default: 0. */
  dampening: number;
  /** A factor times the parameter that is added to its gradient. Default: 0. */
  weightDecay: number;
  /** Look ahead along the momentum. Needs momentum and no dampening. Default: false. */
  nesterov: boolean;
  /**
   * Whether the learning rate stands inside of the velocity: `v ← μ v - η g`, `w ← w + v`, as in Rumelhart et al. (1986) and
   * many textbooks. PyTorch, and this option's default, multiply the whole velocity by the present rate. The two are
   * the same as long as the rate is; when it changes, in this form the steps of the past keep the rate they were taken with.
   * Default: false.
   */
  rateInVelocity: boolean;
}

const rule = updateRule<{
  momentum: boolean;
  nesterov: boolean;
  rateInVelocity: boolean;
  decay: Decay;
  maximize: boolean;
}>((on) => (parameter, gradient, [lr, decay, momentum, share], [velocity]) => {
  const [w, g] = decayed(on, parameter, gradient, decay);
  if (!on.momentum) return [w.sub(g.mul(lr))];
  // The velocity of the second form is the first one's times -η, while η stays as it is.
  const added = g.mul(share);
  const v = velocity.mul(momentum).add(on.rateInVelocity ? added.mul(lr).neg() : added);
  if (on.rateInVelocity) return [w.add(on.nesterov ? v.mul(momentum).sub(g.mul(lr)) : v), v];
  return [w.sub((on.nesterov ? g.add(v.mul(momentum)) : v).mul(lr)), v];
});

const defaults: SGDOptions = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
  rateInVelocity: false,
  maximize: false,
};

/**
 * Stochastic gradient descent. Without momentum `w ← w - η g`; with it `v ← μ v + (1 - dampening) g`, `w ← w - η v`,
 * starting from `v = g`; Nesterov's form takes `w ← w - η (g + μ v)`. Sutskever et al., 2013, in PyTorch's form, in which
 * the learning rate stands outside of the velocity; with `rateInVelocity` it stands inside.
 *
 * @example
 * const w = new Parameter(tensor([1, 2]));
 * const optimizer = new SGD([w], { lr: 0.1, momentum: 0.9 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.8, 1.6]
 */
export class SGD extends ParameterwiseOptimizer<SGDOptions> {
  constructor(params: ParametersOrGroups<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: SGDOptions): void {
    super.checkOptions(options);
    checkSetting(this, 'momentum', options.momentum, atLeastZero);
    checkSetting(this, 'dampening', options.dampening, finite);
    checkSetting(this, 'weightDecay', options.weightDecay, atLeastZero);
    if (options.nesterov && !(options.momentum > 0 && options.dampening === 0)) {
      throw new GradtapeError('SGD: nesterov does not go with these settings', {
        got: `momentum = ${options.momentum}, dampening = ${options.dampening}`,
        needs: 'momentum above 0 and dampening 0',
        fix: 'new SGD(params, { lr, momentum: 0.9, nesterov: true })',
      });
    }
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: SGDOptions): Tensor {
    const on = choose(() => ({
      momentum: options.momentum !== 0,
      nesterov: options.nesterov,
      rateInVelocity: options.rateInVelocity,
      decay: decayOf(options.weightDecay, false),
      maximize: options.maximize,
    }));
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, weightDecay, momentum, dampening } = options;
      const isFirst = state.momentumBuffer === undefined;
      return [lr, weightDecay, momentum, isFirst ? 1 : 1 - dampening];
    });
    const moments = on.momentum ? [this.moment(state, 'momentumBuffer', parameter)] : [];
    return rule(on, parameter, gradient, numbers, moments);
  }
}
