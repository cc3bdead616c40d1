import type { Tensor } from '../../core/tensor.ts';
import { layerNorm } from '../../functions/normalization.ts';
import { logsumexp, mean, norm, prod, std, variance } from '../../functions/reductions.ts';
import { cosineSimilarity } from '../../functions/similarity.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { sub } from '../../primitives/linear/arithmetic.ts';
import { div } from '../../primitives/smooth/division.ts';
import { exp } from '../../primitives/smooth/exponential.ts';
import type { Draw } from '../../tape/primitive.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast } from './beast.ts';

/** Numbers far from equal, so that none divides by a variance near zero. */
const spread = (draw: Draw) => [draw.tensor([draw.integer(2, 5)], { low: -3, high: 3, distinct: true })];
const fromMean = (x: Tensor) => sub(x, mean(x));

const unbiased = asPrimitive('variance', (x) => variance(x), spread);
const deviation = asPrimitive('std', (x) => std(x), spread);
const standardized = asPrimitive('layerNorm', (x) => layerNorm(x, x.length), spread);
/** `1 / √(variance + ε)`. */
const scaleOf = (x: Tensor) => div(1, std(x, undefined, { correction: 0 }));

/** Statistics, and what is scaled by them. */
export const statistics: readonly Beast[] = [
  beast({
    wrong: 'unbiased variance, with n for n - 1 in its derivative',
    right: unbiased,
    changes: { pullback: (g, { inputs: [x] }) => [mul(mul(fromMean(x), 2 / x.length), g)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'variance, around zero and not the mean',
    right: unbiased,
    changes: { pullback: (g, { inputs: [x] }) => [mul(mul(x, 2 / (x.length - 1)), g)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'standard deviation, with the derivative of the variance',
    right: deviation,
    changes: { pullback: (g, { inputs: [x] }) => [mul(mul(fromMean(x), 2 / (x.length - 1)), g)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'layerNorm, with mean and variance taken for constants',
    right: standardized,
    changes: { pullback: (g, { inputs: [x] }) => [mul(g, scaleOf(x))] },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'facebookresearch/CrypTen#143',
  }),
  beast({
    wrong: 'layerNorm, with the variance taken for a constant',
    right: standardized,
    changes: { pullback: (g, { inputs: [x] }) => [mul(fromMean(g), scaleOf(x))] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'logsumexp, as eˣ without the sum it is divided by',
    right: asPrimitive('logsumexp', (x) => logsumexp(x), spread),
    changes: { pullback: (g, { inputs: [x] }) => [mul(exp(x), g)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'Euclidean norm, as x without its length',
    right: asPrimitive('norm', (x) => norm(x), spread),
    changes: { pullback: (g, { inputs: [x] }) => [mul(x, g)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'prod, as y / x: NaN where an entry is zero',
    right: asPrimitive(
      'prod',
      (x) => prod(x),
      (draw) => [draw.tensor([draw.integer(1, 4)], { low: -3, high: 3, kinks: [0] })],
    ),
    changes: { pullback: (g, { inputs: [x], output }) => [mul(div(output, x), g)] },
    caughtBy: 'forwardMatchesReverse',
    seenIn: 'pytorch/pytorch#18619',
  }),
  beast({
    wrong: 'cosine similarity, with the lengths taken for constants',
    right: asPrimitive(
      'cosineSimilarity',
      (a, b) => cosineSimilarity(a, b, 0),
      (draw) => {
        const shape = [draw.integer(2, 4)];
        return [draw.tensor(shape, { low: 0.5, high: 3 }), draw.tensor(shape, { low: 0.5, high: 3 })];
      },
    ),
    changes: {
      pullback: (g, { inputs: [a, b] }) => {
        const scale = div(g, mul(norm(a), norm(b)));
        return [mul(b, scale), mul(a, scale)];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
];
