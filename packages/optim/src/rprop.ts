import { full, numbersOf, type Tensor, where } from '@gradtape/autograd';
import type { OptimizerOptions, ParametersOrGroups } from './optimizer.ts';
import { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
import { aboveZero, checkSetting, type Range } from './settings.ts';
import { choose, updateRule } from './update-rule.ts';

export interface RpropOptions extends OptimizerOptions {
  /** By what a step shrinks where the gradient has turned round, and grows where it has not. Default: [0.5, 1.2]. */
  etas: readonly [number, number];
  /** The smallest and the largest step. Default: [1e-6, 50]. */
  stepSizes: readonly [number, number];
}

const rule = updateRule<{ maximize: boolean }>((on) => (w, gradient, [shrink, grow, least, most], [before, size]) => {
  const g = on.maximize ? gradient.neg() : gradient;
  const agreement = g.mul(before);
  const hasTurned = agreement.lt(0);
  const factor = where(hasTurned, shrink, where(agreement.gt(0), grow, 1));
  const step = size.mul(factor).maximum(least).minimum(most);
  // Where it has turned, this step stands still, and the next one neither grows nor shrinks.
  const followed = where(hasTurned, 0, g);
  return [w.sub(followed.sign().mul(step)), followed, step];
});

const shrinking: Range = { holds: (x) => x > 0 && x < 1, needs: 'above 0 and less than 1', fix: 'usual is 0.5' };
const growing: Range = { holds: (x) => x > 1 && x < Infinity, needs: 'above 1', fix: 'usual is 1.2' };

const defaults: RpropOptions = { lr: 1e-2, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false };

/**
 * Resilient backpropagation (Riedmiller and Braun, 1993): each entry has a step of its own, of which the gradient gives the
 * sign alone. The step grows by η⁺ as long as that sign stays, and shrinks by η⁻, without being taken, when it turns. For whole
 * batches: noise turns signs. `lr` is the first step's size, and means nothing later.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new Rprop([w], { lr: 0.1 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.9, -0.9]
 */
export class Rprop extends ParameterwiseOptimizer<RpropOptions> {
  constructor(params: ParametersOrGroups<RpropOptions>, options: Partial<RpropOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: RpropOptions): void {
    super.checkOptions(options);
    const [least, most] = options.stepSizes;
    checkSetting(this, 'etas[0]', options.etas[0], shrinking);
    checkSetting(this, 'etas[1]', options.etas[1], growing);
    checkSetting(this, 'stepSizes[0]', least, { ...aboveZero, fix: 'usual is 1e-6' });
    checkSetting(this, 'stepSizes[1]', most, {
      holds: (x) => x >= least,
      needs: `at least stepSizes[0] = ${least}`,
      fix: 'the smallest step comes first: [1e-6, 50]',
    });
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: RpropOptions): Tensor {
    const on = choose(() => ({ maximize: options.maximize }));
    const numbers = numbersOf(parameter.dtype, () => {
      this.count(state);
      return [...options.etas, ...options.stepSizes];
    });
    const before = this.moment(state, 'prev', parameter);
    const size = this.moment(state, 'stepSize', parameter, ({ shape, dtype }) => full(shape, options.lr, { dtype }));
    return rule(on, parameter, gradient, numbers, [before, size]);
  }
}
