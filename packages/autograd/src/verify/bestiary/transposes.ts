import { matmulPrimitive, multiplyMatrices } from '../../primitives/bilinear/matmul.ts';
import { permuteDims, permutePrimitive, transposeMatrix } from '../../primitives/linear/permute.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import type { Draw } from '../../tape/primitive.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast } from './beast.ts';

/** Square, so that what is not transposed fits. */
function squareMatrices(draw: Draw) {
  const size = draw.integer(0, 4);
  return [draw.tensor([size, size]), draw.tensor([size, size])];
}

/** A batch of rows through a layer: `x Wᵀ`. */
const rowsThroughLayer = asPrimitive('x Wᵀ', (x, W) => multiplyMatrices(x, transposeMatrix(W)), squareMatrices);
/** A batch of columns through a layer. */
const columnsThroughLayer = asPrimitive('W A', (W, A) => multiplyMatrices(W, A), squareMatrices);

/** A transpose too few, or another one. */
export const transposes: readonly Beast[] = [
  beast({
    wrong: 'matmul of square matrices, with nothing transposed',
    degree: 'bilinear',
    right: matmulPrimitive,
    changes: {
      pullback: (g, { inputs: [a, b] }) => [multiplyMatrices(g, b), multiplyMatrices(a, g)],
      sample: (draw) => ({ inputs: squareMatrices(draw), params: undefined }),
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'x Wᵀ, with dW = xᵀ δ for δᵀ x',
    right: rowsThroughLayer,
    changes: {
      pullback: (g, { inputs: [x, W] }) => [multiplyMatrices(g, W), multiplyMatrices(transposeMatrix(x), g)],
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'W A, with dW = A δᵀ for δ Aᵀ',
    right: columnsThroughLayer,
    changes: {
      pullback: (g, { inputs: [W, A] }) => [
        multiplyMatrices(A, transposeMatrix(g)),
        multiplyMatrices(transposeMatrix(W), g),
      ],
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'W A, with dA = W δ for Wᵀ δ',
    right: columnsThroughLayer,
    changes: {
      pullback: (g, { inputs: [W, A] }) => [multiplyMatrices(g, transposeMatrix(A)), multiplyMatrices(W, g)],
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'the transpose of a matrix, whose cotangent is reshaped and not transposed',
    degree: 'linear',
    right: permutePrimitive,
    changes: {
      pullback: (g, { inputs: [x] }) => [reshape(g, x.shape)],
      sample: (draw) => ({
        inputs: [draw.tensor([draw.integer(0, 4), draw.integer(0, 4)])],
        params: { order: [1, 0] },
      }),
    },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'permute, whose transpose is the same permutation',
    degree: 'linear',
    right: permutePrimitive,
    changes: {
      pullback: (g, { params: { order } }) => [permuteDims(g, order)],
      sample: (draw) => {
        const size = draw.integer(0, 3);
        return { inputs: [draw.tensor([size, size, size])], params: { order: [1, 2, 0] } };
      },
    },
    caughtBy: 'forwardMatchesReverse',
  }),
];
