import { oneHot } from '../../functions/embedding.ts';
import { crossEntropy } from '../../functions/losses/cross-entropy.ts';
import { mseLoss } from '../../functions/losses/regression.ts';
import { mean, sum } from '../../functions/reductions.ts';
import { softmax } from '../../functions/softmax.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { neg, sub } from '../../primitives/linear/arithmetic.ts';
import { broadcastTo } from '../../primitives/linear/sum.ts';
import { reciprocal } from '../../primitives/smooth/division.ts';
import { log, log2 } from '../../primitives/smooth/exponential.ts';
import { sqrt, square } from '../../primitives/smooth/powers.ts';
import type { Draw } from '../../tape/primitive.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast, partials } from './beast.ts';

/** Scores of classes and labels: `[samples, classes]` and `[samples]`. */
function scoresAndLabels(draw: Draw) {
  const [samples, classes] = [draw.integer(1, 4), draw.integer(2, 4)];
  return [draw.tensor([samples, classes]), draw.indices([samples], classes)];
}

const meanOverBatch = asPrimitive(
  'mean over the batch',
  (x) => mean(x, 0),
  (draw) => [draw.tensor(draw.shape({ minimumRank: 1, minimumSize: 1 }))],
);

const twoOfOneShape = (draw: Draw) => {
  const shape = draw.shape({ minimumSize: 1 });
  return [draw.tensor(shape), draw.tensor(shape)];
};

const crossEntropyMean = asPrimitive(
  'mean of cross-entropies',
  (z, labels) => crossEntropy(z, labels),
  scoresAndLabels,
);
const crossEntropySum = asPrimitive(
  'sum of cross-entropies',
  (z, labels) => crossEntropy(z, labels, { reduction: 'sum' }),
  scoresAndLabels,
);
const halfSquares = asPrimitive('½‖y - t‖²', (y, t) => mul(sum(square(sub(y, t))), 0.5), twoOfOneShape);

/** A constant factor too many, or too few. */
export const factors: readonly Beast[] = [
  beast({
    wrong: 'log, with a sign',
    right: log.primitive,
    changes: partials(log.primitive, (x) => [neg(reciprocal(x))]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'square, without the factor 2',
    right: square.primitive,
    changes: partials(square.primitive, (x) => [x]),
    caughtBy: 'forwardMatchesDifferences',
  }),
  beast({
    wrong: 'sqrt, without the factor ½',
    right: sqrt.primitive,
    changes: partials(sqrt.primitive, (_, y) => [reciprocal(y)]),
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'groops-devs/groops#246',
  }),
  beast({
    wrong: 'log2, with the derivative of log',
    right: log2.primitive,
    changes: partials(log2.primitive, (x) => [reciprocal(x)]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'mean over the batch, without 1/m',
    right: meanOverBatch,
    changes: { pullback: (g, { inputs: [x] }) => [broadcastTo(g, x.shape)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'mean over the batch, divided by the number of results',
    right: meanOverBatch,
    changes: { pullback: (g, { inputs: [x] }) => [mul(broadcastTo(g, x.shape), 1 / g.length)] },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'pocketpy/cTensor#24',
  }),
  beast({
    wrong: 'mean of squared errors, without the factor 2',
    right: asPrimitive('mseLoss', (y, t) => mseLoss(y, t), twoOfOneShape),
    changes: {
      pullback: (g, { inputs: [y, t] }) => {
        const part = mul(mul(sub(y, t), 1 / y.length), g);
        return [part, neg(part)];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'half the squared error, with the factor 2 all the same',
    right: halfSquares,
    changes: {
      pullback: (g, { inputs: [y, t] }) => [mul(mul(sub(y, t), 2), g), mul(mul(sub(t, y), 2), g)],
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'half the squared error, with t - y for y - t',
    right: halfSquares,
    changes: { pullback: (g, { inputs: [y, t] }) => [mul(sub(t, y), g), mul(sub(y, t), g)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'mean of cross-entropies, without 1/m',
    right: crossEntropyMean,
    changes: {
      pullback: (g, { inputs: [z, labels] }) => [mul(sub(softmax(z, 1), oneHot(labels, z.shape[1])), g), undefined],
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'mean of cross-entropies, divided by the number of classes, too',
    right: crossEntropyMean,
    changes: {
      pullback: (g, { inputs: [z, labels] }) => {
        const delta = sub(softmax(z, 1), oneHot(labels, z.shape[1]));
        return [mul(mul(delta, 1 / z.length), g), undefined];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'sum of cross-entropies, with the 1/m of the mean',
    right: crossEntropySum,
    changes: {
      pullback: (g, { inputs: [z, labels] }) => {
        const delta = sub(softmax(z, 1), oneHot(labels, z.shape[1]));
        return [mul(mul(delta, 1 / z.shape[0]), g), undefined];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'paiml/aprender#2182',
  }),
];
