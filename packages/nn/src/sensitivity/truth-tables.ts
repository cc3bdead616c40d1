import { type Tensor, tensor } from '@gradtape/autograd';
import { relu } from './activations/relu.ts';
import { productFeatures } from './adaline.ts';
import { dense } from './dense.ts';
import { decide, netInput } from './neuron.ts';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

// The truth tables that the document has neurons compute, with the parameters that it gives them: from inputs of 0 and 1,
// x [2] or columns [2, m], to answers of 0 and 1, [] or [m].

/**
 * AND by one neuron of threshold 0, `w = (1, 1)`, `b = -1.5`. 感知机 二、感知机（Perceptron）回顾
 *
 * @example
 * import { andOfPerceptron } from '@gradtape/nn/sensitivity';
 * andOfPerceptron(tensor([[0, 0, 1, 1], [0, 1, 0, 1]])); // [0, 0, 0, 1]
 */
export const andOfPerceptron: Rule<[x: Tensor], Tensor> = rule(
  {
    name: 'andOfPerceptron',
    statement: latex`y = H(x_1 + x_2 - 1.5)`,
    place: sections.perceptron,
    shapes: 'x [2, …] -> […]',
  },
  (x) => {
    const { dtype } = x;
    return decide(netInput(tensor([1, 1], { dtype }), tensor(-1.5, { dtype }), x), 0);
  },
);

/**
 * XOR by one neuron that sees `x₁x₂` too: `w = (1, 1, -2)`, `b = 0`, threshold 0.5.
 * 感知机 四、用 ADALINE 解决异或（XOR）问题
 *
 * @example
 * import { xorOfProductFeatures } from '@gradtape/nn/sensitivity';
 * xorOfProductFeatures(tensor([[0, 0, 1, 1], [0, 1, 0, 1]])); // [0, 1, 1, 0]
 */
export const xorOfProductFeatures: Rule<[x: Tensor], Tensor> = rule(
  {
    name: 'xorOfProductFeatures',
    statement: latex`y = \mathbb{1}[\mathbf{w}^\top \phi(\mathbf{x}) + b \ge 0.5], \quad \mathbf{w} = (1, 1, -2), \quad b = 0`,
    place: sections.xor,
    shapes: 'x [2, …] -> […]',
  },
  (x) => {
    const { dtype } = x;
    return decide(netInput(tensor([1, 1, -2], { dtype }), tensor(0, { dtype }), productFeatures(x)), 0.5);
  },
);

/**
 * XOR by two layers of ReLU: h is above 0 where either input is 1, and again where both are, which w takes away twice.
 * 多层感知机 五、再看异或（XOR）问题
 *
 * @example
 * import { xorOfTwoLayers } from '@gradtape/nn/sensitivity';
 * const { h, y } = xorOfTwoLayers(tensor([[0, 0, 1, 1], [0, 1, 0, 1]]));
 * h; // [[0, 1, 1, 2], [0, 0, 0, 1]]
 * y; // [0, 1, 1, 0]
 */
export const xorOfTwoLayers: Rule<[x: Tensor], { h: Tensor; y: Tensor }> = rule(
  {
    name: 'xorOfTwoLayers',
    statement: latex`\mathbf{h} = \mathrm{ReLU}(V \mathbf{x} + \mathbf{c}), \quad y = \mathrm{ReLU}(\mathbf{w}^\top \mathbf{h} + b), \quad V = \begin{bmatrix} 1 & 1 \cr 1 & 1 \end{bmatrix}, \quad \mathbf{c} = \begin{bmatrix} 0 \cr -1 \end{bmatrix}, \quad \mathbf{w} = \begin{bmatrix} 1 \cr -2 \end{bmatrix}, \quad b = 0`,
    place: sections.xorLayers,
    shapes: 'x [2, …] -> h [2, …], y […]',
  },
  (x) => {
    const { dtype } = x;
    const V = tensor(
      [
        [1, 1],
        [1, 1],
      ],
      { dtype },
    );
    const h = relu(dense(V, x, tensor([0, -1], { dtype })));
    return { h, y: relu(netInput(tensor([1, -2], { dtype }), tensor(0, { dtype }), h)) };
  },
);
