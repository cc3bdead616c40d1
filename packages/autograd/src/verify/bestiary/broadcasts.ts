import { select, unsqueeze } from '../../functions/movement.ts';
import { mean, sum } from '../../functions/reductions.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { add } from '../../primitives/linear/arithmetic.ts';
import { broadcastPrimitive, broadcastTo, sumPrimitive } from '../../primitives/linear/sum.ts';
import type { Draw } from '../../tape/primitive.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast } from './beast.ts';

/** `[samples, units]` and `[units]`, as many samples as units where `square`. */
const batchAndBias = (square: boolean) => (draw: Draw) => {
  const [samples, units] = [draw.integer(1, 4), draw.integer(1, 4)];
  return [draw.tensor([square ? units : samples, units]), draw.tensor([units])];
};

const addBias = (square = false) => asPrimitive('x + b', (x, b) => add(x, b), batchAndBias(square));

/** What is repeated is not summed, or not so. */
export const broadcasts: readonly Beast[] = [
  beast({
    wrong: 'broadcastTo, whose cotangent is not summed',
    degree: 'linear',
    right: broadcastPrimitive,
    changes: { pullback: (g) => [g] },
    caughtBy: 'derivativesFit',
    seenIn: 'deeplearning4j/nd4j#2424',
  }),
  beast({
    wrong: 'x + b, summed over the wrong dim of a square batch',
    right: addBias(true),
    changes: { pullback: (g) => [g, sum(g, 1)] },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'HomericIntelligence/Odyssey#2080',
  }),
  beast({
    wrong: 'x + b, with the mean over the batch in the place of the sum',
    right: addBias(),
    changes: { pullback: (g) => [g, mean(g, 0)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'x + b, with the first sample for the whole batch',
    right: addBias(),
    changes: { pullback: (g) => [g, select(g, 0, 0)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'sum, with the mean for a derivative',
    degree: 'linear',
    right: sumPrimitive,
    changes: {
      pullback: (g, { inputs: [x] }) => [mul(broadcastTo(g, x.shape), g.length / Math.max(1, x.length))],
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'sum over the rows of a square matrix, spread along the columns',
    degree: 'linear',
    right: asPrimitive(
      'sum over rows',
      (x) => sum(x, 0),
      (draw) => {
        const size = draw.integer(1, 4);
        return [draw.tensor([size, size])];
      },
    ),
    changes: { pullback: (g, { inputs: [x] }) => [broadcastTo(unsqueeze(g, 1), x.shape)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
];
