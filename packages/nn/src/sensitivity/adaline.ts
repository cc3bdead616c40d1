import { stack, type Tensor } from '@gradtape/autograd';
import { type NeuronParameters, netInput } from './neuron.ts';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

// ADALINE: the linear neuron z = wᵀ x + b, taught by the error t - z. w [k], b []; of a batch, X [k, N] and t [N].

/**
 * The mean squared error `E = Σ (t - z)² / 2N`, `[]`. 感知机 三、ADALINE 回顾
 *
 * @example
 * import { adalineLoss } from '@gradtape/nn/sensitivity';
 * adalineLoss(tensor([0, 0]), tensor(0), tensor([[1, 0], [1, 0]]), tensor([1, 3])).item(); // 2.5
 */
export const adalineLoss: Rule<[w: Tensor, b: Tensor, X: Tensor, t: Tensor], Tensor> = rule(
  {
    name: 'adalineLoss',
    statement: latex`E = \frac{1}{2N} \sum_{j=1}^{N} (t^{(j)} - z^{(j)})^2`,
    place: sections.adaline,
    shapes: 'w [k], b [], X [k, N], t [N] -> []',
  },
  (w, b, X, t) =>
    t
      .sub(netInput(w, b, X))
      .square()
      .mean()
      .div(2),
);

/**
 * Its gradient: `∂E/∂w = -Σ (t - z) x / N`, `[k]`, and `∂E/∂b = -Σ (t - z) / N`, `[]`. 感知机 三、ADALINE 回顾
 *
 * @example
 * import { adalineGradient } from '@gradtape/nn/sensitivity';
 * const { w, b } = adalineGradient(tensor([0, 0]), tensor(0), tensor([[1, 0], [1, 0]]), tensor([1, 3]));
 * w; // [-0.5, -0.5]
 * b.item(); // -2
 */
export const adalineGradient: Rule<[w: Tensor, b: Tensor, X: Tensor, t: Tensor], NeuronParameters> = rule(
  {
    name: 'adalineGradient',
    statement: latex`\frac{\partial E}{\partial \mathbf{w}} = -\frac{1}{N} \sum_j (t^{(j)} - z^{(j)}) \mathbf{x}^{(j)}, \quad \frac{\partial E}{\partial b} = -\frac{1}{N} \sum_j (t^{(j)} - z^{(j)})`,
    place: sections.adaline,
    shapes: 'w [k], b [], X [k, N], t [N] -> w [k], b []',
  },
  (w, b, X, t) => {
    // Divided first: no samples make a gradient of zeros, as on the tape.
    const errors = t.sub(netInput(w, b, X)).div(-t.length);
    return { w: X.matmul(errors), b: errors.sum() };
  },
);

/**
 * A step of gradient descent on all samples at once: `w ← w - η ∂E/∂w`, `b ← b - η ∂E/∂b`. 感知机 五、局限与启示（批量）
 *
 * @example
 * import { adalineUpdate } from '@gradtape/nn/sensitivity';
 * adalineUpdate(tensor([0, 0]), tensor(0), tensor([[1, 0], [1, 0]]), tensor([1, 3]), 0.1).w; // [0.05, 0.05]
 */
export const adalineUpdate: Rule<[w: Tensor, b: Tensor, X: Tensor, t: Tensor, eta: number], NeuronParameters> = rule(
  {
    name: 'adalineUpdate',
    statement: latex`\mathbf{w} \leftarrow \mathbf{w} - \eta \frac{\partial E}{\partial \mathbf{w}}, \quad b \leftarrow b - \eta \frac{\partial E}{\partial b}`,
    place: `${sections.adaline}; ${sections.limits}`,
    shapes: 'w [k], b [], X [k, N], t [N], eta -> w [k], b []',
  },
  (w, b, X, t, eta) => {
    const gradient = adalineGradient(w, b, X, t);
    return { w: w.sub(gradient.w.mul(eta)), b: b.sub(gradient.b.mul(eta)) };
  },
);

/**
 * The rule of Widrow and Hoff (LMS) for one sample x `[k]` with target t `[]`: `w ← w + η (t - z) x`, `b ← b + η (t - z)`.
 * 感知机 三、ADALINE 回顾
 *
 * @example
 * import { lmsUpdate } from '@gradtape/nn/sensitivity';
 * const { w, b } = lmsUpdate(tensor([0, 0]), tensor(0), tensor([1, 1]), tensor(1), 0.1);
 * w; // [0.1, 0.1]
 * b.item(); // 0.1
 */
export const lmsUpdate: Rule<[w: Tensor, b: Tensor, x: Tensor, t: Tensor, eta: number], NeuronParameters> = rule(
  {
    name: 'lmsUpdate',
    statement: latex`\mathbf{w} \leftarrow \mathbf{w} + \eta (t - z) \mathbf{x}, \quad b \leftarrow b + \eta (t - z)`,
    place: sections.adaline,
    shapes: 'w [k], b [], x [k], t [], eta -> w [k], b []',
  },
  (w, b, x, t, eta) => {
    const step = t.sub(netInput(w, b, x)).mul(eta);
    return { w: w.add(x.mul(step)), b: b.add(step) };
  },
);

/**
 * Two inputs with their product, `φ(x) = [x₁, x₂, x₁x₂]`, with which ADALINE separates XOR: x `[2]` gives `[3]`, columns
 * `[2, m]` give `[3, m]`. 感知机 四、用 ADALINE 解决异或（XOR）问题
 *
 * @example
 * import { productFeatures } from '@gradtape/nn/sensitivity';
 * productFeatures(tensor([[0, 0, 1, 1], [0, 1, 0, 1]])); // [[0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 1]]
 */
export const productFeatures: Rule<[x: Tensor], Tensor> = rule(
  {
    name: 'productFeatures',
    statement: latex`\phi(\mathbf{x}) = [x_1, x_2, x_1 x_2]`,
    place: sections.xor,
    shapes: 'x [2, …] -> [3, …]',
  },
  (x) => {
    const [x1, x2] = x.unbind(0);
    return stack([x1, x2, x1.mul(x2)], 0);
  },
);
