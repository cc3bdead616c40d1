import { Adam, type AdamOptions } from './adam.ts';
import type { ParametersOrGroups } from './optimizer.ts';

/**
 * Adam with weight decay that acts on the parameter itself, `w ← (1 - η λ) w`, and not through the gradient's moments
 * (Loshchilov and Hutter, 2019). `weightDecay` is λ, 0.01 unless given.
 *
 * @example
 * const w = new Parameter(tensor([1, -1]));
 * const optimizer = new AdamW([w], { lr: 0.1, weightDecay: 0.5 });
 * w.square().sum().backward();
 * optimizer.step();
 * w.toArray(); // [0.85, -0.85]
 */
export class AdamW extends Adam {
  constructor(params: ParametersOrGroups<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, { weightDecay: 0.01, decoupledWeightDecay: true, ...options });
  }
}
