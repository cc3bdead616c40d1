import type { Tensor } from '../../core/tensor.ts';
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from '../../functions/losses/binary-cross-entropy.ts';
import { crossEntropy } from '../../functions/losses/cross-entropy.ts';
import { sum } from '../../functions/reductions.ts';
import { logSoftmax, softmax } from '../../functions/softmax.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { sub } from '../../primitives/linear/arithmetic.ts';
import { convert } from '../../primitives/linear/convert.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { sigmoid } from '../../primitives/smooth/activations.ts';
import { div } from '../../primitives/smooth/division.ts';
import type { Draw } from '../../tape/primitive.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast } from './beast.ts';

const scores = (draw: Draw) => [draw.tensor([draw.integer(1, 4), draw.integer(2, 4)])];
const total = (x: Tensor) => sum(x, 1, { keepDim: true });

const ofRows = asPrimitive('softmax', (z) => softmax(z, 1), scores);
const logOfRows = asPrimitive('logSoftmax', (z) => logSoftmax(z, 1), scores);

const ofLabels = asPrimitive(
  'sum of cross-entropies',
  (z, labels) => crossEntropy(z, labels, { reduction: 'sum' }),
  (draw) => {
    const [samples, classes] = [draw.integer(1, 4), draw.integer(2, 4)];
    return [draw.tensor([samples, classes]), draw.indices([samples], classes)];
  },
);

/** Numbers and targets of one shape. */
const withTargets = (low: number, high: number) => (draw: Draw) => {
  const shape = draw.shape();
  return [draw.tensor(shape, { low, high }), draw.tensor(shape, { low: 0, high: 1 })];
};

const ofScores = asPrimitive(
  'sum of binary cross-entropies of scores',
  (z, t) => binaryCrossEntropyWithLogits(z, t, { reduction: 'sum' }),
  withTargets(-3, 3),
);
const ofProbabilities = asPrimitive(
  'sum of binary cross-entropies',
  (y, t) => binaryCrossEntropy(y, t, { reduction: 'sum' }),
  withTargets(0.05, 0.95),
);
/** The derivative of both by the target. */
const byTarget = (g: Tensor, z: Tensor) => mul(z, mul(g, -1));

/** Outputs and their losses. */
export const softmaxes: readonly Beast[] = [
  beast({
    wrong: 'softmax, with the diagonal of its Jacobian alone',
    right: ofRows,
    changes: { pullback: (g, { output: y }) => [mul(g, mul(y, sub(1, y)))] },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'deeplearning4j/libnd4j#440',
  }),
  beast({
    wrong: 'softmax, with Σ g for Σ g y',
    right: ofRows,
    changes: { pullback: (g, { output: y }) => [mul(y, sub(g, total(g)))] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'softmax of a square batch, summed over the samples',
    right: asPrimitive(
      'softmax',
      (z) => softmax(z, 1),
      (draw) => {
        const size = draw.integer(2, 4);
        return [draw.tensor([size, size])];
      },
    ),
    changes: {
      pullback: (g, { output: y }) => [mul(y, sub(g, sum(mul(g, y), 0, { keepDim: true })))],
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'logSoftmax, as g - y: right only where the g of a row add up to 1',
    right: logOfRows,
    changes: { pullback: (g, { inputs: [z] }) => [sub(g, softmax(z, 1))] },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'mlpack/mlpack#2360',
  }),
  beast({
    wrong: 'cross-entropy, without the target: δ = y',
    right: ofLabels,
    changes: { pullback: (g, { inputs: [z] }) => [mul(softmax(z, 1), g), undefined] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'cross-entropy, with the label itself for its one-hot row',
    right: ofLabels,
    changes: {
      pullback: (g, { inputs: [z, labels] }) => {
        const column = reshape(convert(labels, z.dtype), [labels.length, 1]);
        return [mul(sub(softmax(z, 1), column), g), undefined];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'binary cross-entropy of scores, with a σ′ that cancels',
    right: ofScores,
    changes: {
      pullback: (g, { inputs: [z, t] }) => {
        const a = sigmoid(z);
        return [mul(mul(sub(a, t), mul(a, sub(1, a))), g), byTarget(g, z)];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'binary cross-entropy of scores, with z - t for σ(z) - t',
    right: ofScores,
    changes: { pullback: (g, { inputs: [z, t] }) => [mul(sub(z, t), g), byTarget(g, z)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'binary cross-entropy of probabilities, with one sign for both terms',
    right: ofProbabilities,
    changes: {
      pullback: (g, line) => {
        const [, second] = ofProbabilities.pullback(g, line);
        const [y, t] = line.inputs;
        return [mul(sub(div(sub(0, t), y), div(sub(1, t), sub(1, y))), g), second];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'binary cross-entropy of probabilities, without its second term',
    right: ofProbabilities,
    changes: {
      pullback: (g, line) => {
        const [, second] = ofProbabilities.pullback(g, line);
        const [y, t] = line.inputs;
        return [mul(div(sub(0, t), y), g), second];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
];
