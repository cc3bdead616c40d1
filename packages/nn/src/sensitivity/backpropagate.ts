import { GradtapeError, type Tensor } from '@gradtape/autograd';
import type { Activation } from './activations/activation.ts';
import { batchBiasGradient, batchWeightGradient } from './batch.ts';
import { dense, hiddenSensitivity } from './dense.ts';
import type { Pairing } from './pairings.ts';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

/** A layer's parameters: W `[n, k]` from k inputs to n outputs, b `[n]`. */
export interface DenseParameters {
  readonly W: Tensor;
  readonly b: Tensor;
}

/** A multilayer perceptron: hidden layers, as many as there are, and the output layer with its loss. */
export interface Network {
  readonly hidden: readonly (DenseParameters & { readonly f: Activation })[];
  readonly output: DenseParameters & { readonly pairing: Pairing };
}

/** Everything that forward and backward pass compute. Layer l is entry `l - 1` of each list, but entry l of A. */
export interface Backpropagation {
  /** Net inputs, `[n, m]` each. */
  readonly Z: readonly Tensor[];
  /** Activations, the input first. */
  readonly A: readonly Tensor[];
  /** Sensitivities: column i is that of sample i's own loss, not yet divided by m. */
  readonly Delta: readonly Tensor[];
  /** Gradients of the loss by the weights and by the biases. */
  readonly dW: readonly Tensor[];
  readonly db: readonly Tensor[];
  /** The mean of the samples' losses, `[]`. */
  readonly loss: Tensor;
}

/**
 * Forward and backward pass of a batch, in the vector form of the document: X `[k, m]` and T `[n, m]` hold a sample in each
 * column. With no samples, the gradients are zeros and the loss is NaN. 反向传播 七、向量形式的反向传播（批量）
 *
 * @throws GradtapeError if shapes do not belong together; it names the layer.
 * @example
 * import { backpropagate, relu, softmaxCrossEntropy } from '@gradtape/nn/sensitivity';
 * const network = {
 *   hidden: [{ W: tensor([[1, 1], [1, 1]]), b: tensor([0, -1]), f: relu }],
 *   output: { W: tensor([[0, 0], [1, -2]]), b: tensor([0, 0]), pairing: softmaxCrossEntropy },
 * };
 * const { A, Delta, dW } = backpropagate(network, tensor([[0, 1], [1, 1]]), tensor([[0, 1], [1, 0]]));
 * A[1]; // [[1, 2], [0, 1]]
 * Delta[1]; // [[0.26894, -0.5], [-0.26894, 0.5]]
 * dW[1]; // [[-0.36553, -0.25], [0.36553, 0.25]]
 */
export const backpropagate: Rule<[network: Network, X: Tensor, T: Tensor], Backpropagation> = rule(
  {
    name: 'backpropagate',
    statement: latex`\begin{gathered} Z^{(l)} = W^{(l)} A^{(l-1)} + b^{(l)} \mathbf{1}^\top, \quad A^{(l)} = f^{(l)}(Z^{(l)}), \quad \Delta^{(L)} = Y - T \cr \Delta^{(l)} = (W^{(l+1)})^\top \Delta^{(l+1)} \odot f^{(l)\prime}(Z^{(l)}) \cr \frac{\partial E}{\partial W^{(l)}} = \tfrac{1}{m} \Delta^{(l)} (A^{(l-1)})^\top, \quad \frac{\partial E}{\partial b^{(l)}} = \tfrac{1}{m} \Delta^{(l)} \mathbf{1} \end{gathered}`,
    place: `${sections.vectorBackward}; ${sections.overview}; ${sections.answers} 练习5`,
    shapes: 'network, X [k, m], T [n, m] -> Z, A, Delta, dW, db, loss []',
  },
  ({ hidden, output }, X, T) => {
    const { pairing } = output;
    const layers = [...hidden, { ...output, f: pairing.activation }];
    checkShapes(layers, X, T);
    const Z: Tensor[] = [];
    const A: Tensor[] = [X.detach()];
    for (const [l, { W, b, f }] of layers.entries()) {
      Z.push(dense(W, A[l], b));
      A.push(f(Z[l]));
    }

    const last = hidden.length;
    const Delta: Tensor[] = [];
    Delta[last] = pairing.delta(A[last + 1], T, Z[last]);
    for (let l = last - 1; l >= 0; l--) Delta[l] = hiddenSensitivity(layers[l + 1].W, Delta[l + 1], Z[l], layers[l].f);

    return {
      Z,
      A,
      Delta,
      dW: Delta.map((delta, l) => batchWeightGradient(delta, A[l])),
      db: Delta.map((delta) => batchBiasGradient(delta)),
      loss: pairing.loss(Z[last], T).mean(),
    };
  },
);

/** Layer by layer, so that what is told is the layer that does not fit, and not what its shapes lead to later. */
function checkShapes(layers: readonly DenseParameters[], X: Tensor, T: Tensor): void {
  const show = ({ shape }: Tensor): string => `[${shape.join(', ')}]`;
  let [units, before] = [X.shape[0], `X ${show(X)}`];
  for (const [l, { W, b }] of layers.entries()) {
    if (W.rank !== 2 || W.shape[1] !== units || b.rank !== 1 || b.length !== W.shape[0]) {
      throw new GradtapeError(
        `backpropagate: layer ${l + 1} does not fit onto ${l === 0 ? 'the input' : `layer ${l}`}`,
        {
          got: `W ${show(W)}, b ${show(b)}, after ${before}`,
          needs: `W [n, ${units}], b [n]`,
          fix: 'W is [outputs, inputs], b [outputs]; in X a column is a sample: a batch of rows is transposed first, with .t()',
        },
      );
    }
    [units, before] = [W.shape[0], `W ${show(W)}`];
  }
  if (T.shape[0] !== units) {
    throw new GradtapeError('backpropagate: the targets are not as many as the outputs', {
      got: `T ${show(T)}, for the output of ${before}`,
      needs: `T [${units}, ${T.shape[1]}]`,
      fix: 'in T a column holds the targets of a sample, one for each output: for classes, 1 for the right one and 0 for the others',
    });
  }
}
