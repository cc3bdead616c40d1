import { dependOn, GradtapeError, numbersOf, type Parameter, type Tensor } from '@gradtape/autograd';
import { fusedRules } from './fused-rule.ts';
import { type GroupOptions, Optimizer, type OptimizerOptions, type ParameterState } from './optimizer.ts';

export interface SGDOptions extends OptimizerOptions {
  /** How much of the last step goes into the next: μ, in [0, 1). Default: 0. */
  momentum: number;
  /** How much of the gradient is left out of the momentum after the first step. Default: 0. */
  dampening: number;
  /** A factor times the parameter that is added to its gradient. Default: 0. */
  weightDecay: number;
  /** Look ahead along the momentum. Needs momentum and no dampening. Default: false. */
  nesterov: boolean;
  /** Go up the gradient instead of down. Default: false. */
  maximize: boolean;
}

interface Switches extends Record<string, boolean> {
  momentum: boolean;
  nesterov: boolean;
  decay: boolean;
  maximize: boolean;
}

const rules = fusedRules<Switches>((on) => (w, gradient, velocity, lr, decay, momentum, fresh) => {
  const signed = on.maximize ? gradient.neg() : gradient;
  const g = on.decay ? signed.add(w.mul(decay)) : signed;
  if (!on.momentum) return [w.sub(g.mul(lr))];
  const v = velocity.mul(momentum).add(g.mul(fresh));
  return [w.sub((on.nesterov ? g.add(v.mul(momentum)) : v).mul(lr)), v];
});

const defaults: Omit<SGDOptions, 'lr'> = {
  momentum: 0,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
  maximize: false,
};

/**
 * Stochastic gradient descent. Without momentum `w ← w - η g`; with it `v ← μ v + (1 - dampening) g`, `w ← w - η v`,
 * starting from `v = g`; Nesterov's form takes `w ← w - η (g + μ v)`. Sutskever et al., 2013, in PyTorch's form, in which
 * the learning rate stands outside of the velocity.
 *
 * @example
 * const w = new Parameter(tensor([1, 2]));
 * const optimizer = new SGD([w], { lr: 0.1, momentum: 0.9 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.8, 1.6]
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Iterable<Parameter> | readonly GroupOptions<SGDOptions>[], options: Partial<SGDOptions> = {}) {
    super(params, { lr: 1e-3, ...defaults, ...options });
  }

  protected override checkOptions(options: SGDOptions): void {
    super.checkOptions(options);
    this.checkAtLeastZero('momentum', options.momentum);
    this.checkAtLeastZero('weightDecay', options.weightDecay);
    if (options.nesterov && !(options.momentum > 0 && options.dampening === 0)) {
      throw new GradtapeError('SGD: nesterov does not go with these settings', {
        got: `momentum = ${options.momentum}, dampening = ${options.dampening}`,
        needs: 'momentum above 0 and dampening 0',
        fix: 'new SGD(params, { lr, momentum: 0.9, nesterov: true })',
      });
    }
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: SGDOptions): Tensor {
    const hasMomentum = dependOn(() => options.momentum !== 0);
    const rule = rules({
      momentum: hasMomentum,
      nesterov: dependOn(() => options.nesterov),
      decay: dependOn(() => options.weightDecay !== 0),
      maximize: dependOn(() => options.maximize),
    });
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, weightDecay, momentum, dampening } = options;
      const step = ((state.step as number | undefined) ?? 0) + 1;
      state.step = step;
      return [lr, weightDecay, momentum, step === 1 ? 1 : 1 - dampening];
    });
    if (!hasMomentum) return rule(parameter, gradient, 0, ...numbers)[0] as Tensor;
    const velocity = this.moment(state, 'velocity', parameter);
    const before = velocity.get();
    const [next, after] = rule.into([undefined, before], parameter, gradient, before, ...numbers);
    velocity.set(after as Tensor);
    return next as Tensor;
  }
}
