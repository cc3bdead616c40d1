import type { Tensor } from '../../core/tensor.ts';
import { huberLoss } from '../../functions/losses/regression.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { add, sub } from '../../primitives/linear/arithmetic.ts';
import { convert } from '../../primitives/linear/convert.ts';
import { broadcastTo } from '../../primitives/linear/sum.ts';
import { where, wherePrimitive } from '../../primitives/linear/where.ts';
import { eq, ge, gt, le, lt } from '../../primitives/piecewise/comparison.ts';
import { amaxPrimitive } from '../../primitives/piecewise/extremes.ts';
import { abs, clampBetween, maximum, relu } from '../../primitives/piecewise/kinked.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast, partials } from './beast.ts';

/** 1 where a comparison holds, of the dtype of what was compared. */
const where1 = (holds: Tensor, like: Tensor) => convert(holds, like.dtype);

const leakyRelu = asPrimitive(
  'leakyRelu',
  (x) => where(gt(x, 0), x, mul(x, 0.1)),
  (draw) => [draw.tensor(draw.shape(), { low: -3, high: 3, kinks: [0] })],
);

/** Entries are kept by a condition, twice as large. */
const keptHalf = asPrimitive(
  'dropout',
  (x, kept) => mul(where(kept, x, 0), 2),
  (draw) => {
    const shape = draw.shape();
    return [draw.tensor(shape), draw.truths(shape)];
  },
);

/** Masks that are inverted, forgotten, or generous at ties. */
export const masks: readonly Beast[] = [
  beast({
    wrong: 'relu, with the mask inverted',
    degree: 'piecewise',
    right: relu.primitive,
    changes: { pullback: (g, { output }) => [mul(g, where1(le(output, 0), g))] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'relu, with ≥ for > in reverse mode',
    degree: 'piecewise',
    right: relu.primitive,
    changes: { pullback: (g, { inputs: [x] }) => [mul(g, where1(ge(x, 0), g))] },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'relu, without its mask',
    degree: 'piecewise',
    right: relu.primitive,
    changes: { pullback: (g) => [g] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'leakyRelu, with the slope on the wrong side',
    right: leakyRelu,
    changes: { pullback: (g, { inputs: [x] }) => [where(gt(x, 0), mul(g, 0.1), g)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'leakyRelu, with the derivative of relu',
    right: leakyRelu,
    changes: { pullback: (g, { inputs: [x] }) => [where(gt(x, 0), g, 0)] },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'MachineLearningLifeScience/stochman#10',
  }),
  beast({
    wrong: 'abs, with derivative 1 on both sides',
    degree: 'piecewise',
    right: abs.primitive,
    changes: { pullback: (g) => [g] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'clamp, that passes the gradient where it holds',
    degree: 'piecewise',
    right: clampBetween.primitive,
    changes: partials(clampBetween.primitive, (x, low, high, y) => [
      add(mul(y, 0), 1),
      where1(lt(x, low), y),
      where1(gt(x, high), y),
    ]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'where, with the two gradients swapped',
    degree: 'linear',
    right: wherePrimitive,
    changes: {
      pullback: (g, { inputs: [, , condition] }) => [where(condition, 0, g), where(condition, g, 0), undefined],
    },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'dropout, that scales what it keeps in the forward pass alone',
    right: keptHalf,
    changes: { pullback: (g, { inputs: [, kept] }) => [where(kept, g, 0), undefined] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'dropout, whose gradient passes what was dropped',
    right: keptHalf,
    changes: { pullback: (g) => [mul(g, 2), undefined] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'huberLoss, with the derivative of its middle everywhere',
    right: asPrimitive(
      'huberLoss',
      (y, t) => huberLoss(y, t, { reduction: 'sum' }),
      (draw) => {
        const shape = draw.shape();
        return [
          draw.tensor(shape, { low: -3, high: 3, kinks: [-1, 1] }),
          draw.tensor(shape, { low: -0.01, high: 0.01 }),
        ];
      },
    ),
    changes: {
      pullback: (g, { inputs: [y, t] }) => [mul(sub(y, t), g), mul(sub(t, y), g)],
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'amax, with the whole gradient for each of several equals',
    degree: 'piecewise',
    right: amaxPrimitive,
    changes: {
      pullback: (g, { inputs: [x], output }) => {
        const ties = eq(x, broadcastTo(output, x.shape));
        return [mul(broadcastTo(g, x.shape), where1(ties, x))];
      },
    },
    caughtBy: 'forwardMatchesReverse',
    seenIn: 'apache/mxnet#18563',
  }),
  beast({
    wrong: 'amax, with the gradient for all that come close',
    degree: 'piecewise',
    right: amaxPrimitive,
    changes: {
      pullback: (g, { inputs: [x], output }) => {
        const close = lt(abs(sub(x, broadcastTo(output, x.shape))), 0.1);
        return [mul(broadcastTo(g, x.shape), where1(close, x))];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'mni-ml/framework#22',
  }),
  beast({
    wrong: 'maximum, with the whole gradient for both at a tie',
    degree: 'piecewise',
    right: maximum.primitive,
    changes: {
      pullback: (g, { inputs: [a, b] }) => [mul(g, where1(ge(a, b), g)), mul(g, where1(ge(b, a), g))],
    },
    caughtBy: 'forwardMatchesReverse',
    seenIn: 'flexflow/flexflow-train#618',
  }),
];
