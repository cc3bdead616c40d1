import { dependOn, numbersOf, type Parameter, type Tensor } from '@gradtape/autograd';
import { fusedRules } from './fused-rule.ts';
import { type GroupOptions, Optimizer, type OptimizerOptions, type ParameterState } from './optimizer.ts';

export interface AdamOptions extends OptimizerOptions {
  /** How slowly the two moments forget. Default: [0.9, 0.999]. */
  betas: readonly [number, number];
  /** What is added to the root of the second moment. Default: 1e-8. */
  eps: number;
  /** Adam: a factor times the parameter that is added to its gradient; default 0. AdamW: see there. */
  weightDecay: number;
  /** Divide by the largest second moment so far (Reddi et al., 2018). Default: false. */
  amsgrad: boolean;
  /** Go up the gradient instead of down. Default: false. */
  maximize: boolean;
}

interface Switches extends Record<string, boolean> {
  amsgrad: boolean;
  decay: boolean;
  decoupled: boolean;
  maximize: boolean;
}

// Operands: parameter, gradient, moments (the largest second one with amsgrad); β₁, 1-β₁, β₂, 1-β₂, η/(1-β₁ᵗ), 1/√(1-β₂ᵗ), ε,
// λ or 1-ηλ.
const rules = fusedRules<Switches>(
  (on) =>
    (parameter, gradient, first, second, largest, beta1, rest1, beta2, rest2, stepSize, rootScale, eps, decay) => {
      const signed = on.maximize ? gradient.neg() : gradient;
      const w = on.decay && on.decoupled ? parameter.mul(decay) : parameter;
      const g = on.decay && !on.decoupled ? signed.add(parameter.mul(decay)) : signed;
      const m = first.mul(beta1).add(g.mul(rest1));
      const v = second.mul(beta2).add(g.mul(g).mul(rest2));
      const top = on.amsgrad ? largest.maximum(v) : v;
      const next = w.sub(m.mul(stepSize).div(top.sqrt().mul(rootScale).add(eps)));
      return on.amsgrad ? [next, m, v, top] : [next, m, v];
    },
);

const defaults: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
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
export class Adam extends Optimizer<AdamOptions> {
  /** Whether weight decay acts on the parameter itself instead of on its gradient. */
  protected readonly decoupled: boolean = false;

  constructor(params: Iterable<Parameter> | readonly GroupOptions<AdamOptions>[], options: Partial<AdamOptions> = {}) {
    super(params, { ...defaults, ...options });
  }

  protected override checkOptions(options: AdamOptions): void {
    super.checkOptions(options);
    this.checkBelowOne('betas[0]', options.betas[0]);
    this.checkBelowOne('betas[1]', options.betas[1]);
    this.checkAtLeastZero('eps', options.eps);
    this.checkAtLeastZero('weightDecay', options.weightDecay);
  }

  protected update(parameter: Tensor, gradient: Tensor, state: ParameterState, options: AdamOptions): Tensor {
    const { decoupled } = this;
    const numbers = numbersOf(parameter.dtype, () => {
      const { lr, betas, eps, weightDecay } = options;
      const [beta1, beta2] = betas;
      const step = ((state.step as number | undefined) ?? 0) + 1;
      state.step = step;
      const decay = decoupled ? 1 - lr * weightDecay : weightDecay;
      const rootScale = 1 / Math.sqrt(1 - beta2 ** step);
      return [beta1, 1 - beta1, beta2, 1 - beta2, lr / (1 - beta1 ** step), rootScale, eps, decay];
    });
    const amsgrad = dependOn(() => options.amsgrad);
    const decay = dependOn(() => options.weightDecay !== 0);
    const maximize = dependOn(() => options.maximize);
    const names = amsgrad ? ['first', 'second', 'largest'] : ['first', 'second'];
    const slots = names.map((name) => this.moment(state, name, parameter));
    const moments = slots.map((slot) => slot.get());
    const [first, second, largest = 0] = moments as [Tensor, Tensor, Tensor?];
    const rule = rules({ amsgrad, decay, decoupled, maximize });
    const [next, ...changed] = rule.into(
      [undefined, ...moments],
      parameter,
      gradient,
      first,
      second,
      largest,
      ...numbers,
    );
    for (const [k, slot] of slots.entries()) slot.set(changed[k] as Tensor);
    return next as Tensor;
  }
}

/**
 * Adam with weight decay that acts on the parameter itself, `w ← (1 - η λ) w`, and not through the gradient's moments
 * (Loshchilov and Hutter, 2019). `weightDecay` is λ, 0.01 unless given.
 */
export class AdamW extends Adam {
  protected override readonly decoupled: boolean = true;

  constructor(params: Iterable<Parameter> | readonly GroupOptions<AdamOptions>[], options: Partial<AdamOptions> = {}) {
    super(params, { weightDecay: 0.01, ...options });
  }
}
