import type { Tensor } from '@gradtape/autograd';
import { heaviside } from './activations/heaviside.ts';
import { type NeuronParameters, netInput } from './neuron.ts';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

/**
 * The perceptron's learning rule, for one sample x `[k]` with target t `[]` of 0 or 1: it answers `y = H(wᵀ x + b)`, and
 * `w ← w + η (t - y) x`, `b ← b + η (t - y)`, so that only a wrong answer changes anything. w `[k]`, b `[]`.
 * 感知机 二、感知机（Perceptron）回顾
 *
 * @example
 * import { perceptronUpdate } from '@gradtape/nn/sensitivity';
 * const { w, b } = perceptronUpdate(tensor([0, 0]), tensor(0), tensor([1, 2]), tensor(0), 0.5);
 * w; // [-0.5, -1]
 * b.item(); // -0.5
 */
export const perceptronUpdate: Rule<[w: Tensor, b: Tensor, x: Tensor, t: Tensor, eta: number], NeuronParameters> = rule(
  {
    name: 'perceptronUpdate',
    statement: latex`\mathbf{w} \leftarrow \mathbf{w} + \eta (t - y) \mathbf{x}, \quad b \leftarrow b + \eta (t - y), \quad y = H(\mathbf{w}^\top \mathbf{x} + b)`,
    place: sections.perceptron,
    shapes: 'w [k], b [], x [k], t [], eta -> w [k], b []',
  },
  (w, b, x, t, eta) => {
    const step = t.sub(heaviside(netInput(w, b, x))).mul(eta);
    return { w: w.add(x.mul(step)), b: b.add(step) };
  },
);
