import { fail } from '../../core/errors.ts';
import { showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../../primitives/linear/align.ts';
import { add, neg, sub } from '../../primitives/linear/arithmetic.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { where } from '../../primitives/linear/where.ts';
import { eq } from '../../primitives/piecewise/comparison.ts';
import { clampBetween, relu } from '../../primitives/piecewise/kinked.ts';
import { logOnePlusExp } from '../../primitives/smooth/activations.ts';
import { div } from '../../primitives/smooth/division.ts';
import { sqrt, square } from '../../primitives/smooth/powers.ts';
import { composed } from '../../transforms/composed.ts';
import { sum } from '../reductions.ts';
import { besideScores, classNumbers, scoresOfLabels, weightsOfLabels } from './labels.ts';
import { checkOneShape, checkTensors, type LossOptions, reduceLosses } from './reduction.ts';

export interface MarginOptions extends LossOptions {
  /** The margin that suffices. Its default is with each loss. */
  readonly margin?: number;
}

const floating = { floating: true };

/** `max(x, 0)` with derivative 1 at 0, as most of PyTorch's margin losses have it (`relu` has 0 there). */
export function atLeastZero(x: Tensor): Tensor {
  return clampBetween(x, 0, Infinity);
}

const hinge: Elementwise<(input: Tensor, target: Tensor, margin: number) => Tensor> = lift(
  composed('hinge', (x, t, margin) => relu(sub(margin, mul(t, x)))),
  floating,
);

/**
 * The loss of support-vector machines: `max(0, margin - target · input)`. Margin 1 if not said.
 *
 * @param input Scores, any shape.
 * @param target 1 or -1, the same shape.
 * @returns A single number, or the input's shape with reduction `none`.
 * @throws GradtapeError if the shapes differ.
 */
export function hingeLoss(input: Tensor, target: Tensor, { margin = 1, reduction }: MarginOptions = {}): Tensor {
  checkOneShape('hingeLoss', { input, target });
  return reduceLosses('hingeLoss', hinge(input, target, margin), reduction);
}

const hingeEmbedding: Elementwise<(input: Tensor, target: Tensor, margin: number) => Tensor> = lift(
  composed('hingeEmbedding', (x, t, margin) =>
    add(where(eq(t, 1), 0, atLeastZero(sub(margin, x))), where(eq(t, -1), 0, x)),
  ),
  floating,
);

/**
 * For distances between pairs: the distance itself where the pair belongs together (target 1), and
 * `max(0, margin - distance)` where it does not (target -1). Margin 1 if not said. Shapes and errors as {@link hingeLoss}.
 */
export function hingeEmbeddingLoss(
  input: Tensor,
  target: Tensor,
  { margin = 1, reduction }: MarginOptions = {},
): Tensor {
  checkOneShape('hingeEmbeddingLoss', { input, target });
  return reduceLosses('hingeEmbeddingLoss', hingeEmbedding(input, target, margin), reduction);
}

const softMargin: Elementwise<(input: Tensor, target: Tensor) => Tensor> = lift(
  composed('softMargin', (x, t) => logOnePlusExp(neg(mul(t, x)))),
  floating,
);

/** `log(1 + e^(-target · input))` for targets 1 and -1. Shapes and errors as {@link hingeLoss}. */
export function softMarginLoss(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  checkOneShape('softMarginLoss', { input, target });
  return reduceLosses('softMarginLoss', softMargin(input, target), reduction);
}

const ranking: Elementwise<(first: Tensor, second: Tensor, target: Tensor, margin: number) => Tensor> = lift(
  composed('ranking', (first, second, t, margin) => atLeastZero(add(mul(neg(t), sub(first, second)), margin))),
  floating,
);

/**
 * `max(0, margin - target · (input1 - input2))`: target 1 where the first should be the larger, -1 where the second.
 * Margin 0 if not said.
 *
 * @throws GradtapeError if the three shapes differ.
 */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  { margin = 0, reduction }: MarginOptions = {},
): Tensor {
  checkOneShape('marginRankingLoss', { input1, input2, target });
  return reduceLosses('marginRankingLoss', ranking(input1, input2, target, margin), reduction);
}

/** What PyTorch adds to the squared lengths. */
const COSINE_EPS = 1e-12;

const cosineEmbedding: Elementwise<(cosine: Tensor, target: Tensor, margin: number) => Tensor> = lift(
  composed('cosineEmbedding', (cosine, t, margin) =>
    add(where(eq(t, 1), sub(1, cosine), 0), where(eq(t, -1), atLeastZero(sub(cosine, margin)), 0)),
  ),
  floating,
);

/**
 * `1 - cos` of the angle between two vectors that belong together (target 1), and `max(0, cos - margin)` for two that do
 * not (target -1). Margin 0 if not said.
 *
 * @param input1 `[N, D]` or `[D]`.
 * @param input2 The same shape.
 * @param target 1 or -1: `[N]`, or no dims.
 * @throws GradtapeError if the shapes do not fit.
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  { margin = 0, reduction }: MarginOptions = {},
): Tensor {
  checkTensors('cosineEmbeddingLoss', { target });
  checkOneShape('cosineEmbeddingLoss', { input1, input2 });
  if (input1.rank === 0 || showShape(target.shape) !== showShape(input1.shape.slice(0, -1)) || input1.rank > 2) {
    fail('cosineEmbeddingLoss: the shapes do not fit', {
      got: `inputs ${showShape(input1.shape)}, target ${showShape(target.shape)}`,
      needs: 'inputs [N, D] with target [N], or inputs [D] with target []',
      fix: 'give one target for each pair of vectors',
    });
  }
  const squaredLength = (x: Tensor): Tensor => add(sum(square(x), -1), COSINE_EPS);
  const cosine = div<Tensor, Tensor>(
    sum(mul<Tensor, Tensor>(input1, input2), -1),
    sqrt(mul<Tensor, Tensor>(squaredLength(input1), squaredLength(input2))),
  );
  return reduceLosses('cosineEmbeddingLoss', cosineEmbedding(cosine, target, margin), reduction);
}

export interface MultiMarginOptions extends MarginOptions {
  /** 1 or 2: the power of each excess. Default: 1. */
  readonly p?: 1 | 2;
  /** A factor for each class, shape `[C]`. */
  readonly weight?: Tensor | null;
}

/**
 * For each wrong class what its score lacks to be `margin` below that of the right one, over the number of classes:
 * `Σ max(0, margin - xₜ + xⱼ)ᵖ / C`. Margin 1 if not said.
 *
 * @param input Scores `[N, C]` or `[C]`.
 * @param target Labels `[N]` or `[]`, dtype int32.
 * @returns A single number, or the target's shape with reduction `none`.
 * @throws GradtapeError if the shapes do not fit or a label is out of range.
 */
export function multiMarginLoss(
  input: Tensor,
  target: Tensor,
  { p = 1, margin = 1, weight, reduction }: MultiMarginOptions = {},
): Tensor {
  checkTensors('multiMarginLoss', { input, target });
  if (p !== 1 && p !== 2) {
    fail('multiMarginLoss: no such power', { got: `p ${p}`, needs: '1 or 2', fix: 'leave it out for 1' });
  }
  const labelled = besideScores('multiMarginLoss', input, target, Number.NaN);
  const { dim } = labelled.labelling;
  const classes = classNumbers(input, dim);
  const excess = missing(input, scoresOfLabels(labelled), classes, labelled.labels, margin);
  const perSample = mul(sum(p === 2 ? square(excess) : excess, dim, { keepDim: true }), 1 / input.shape[dim]);
  const losses = weight ? mul<Tensor, Tensor>(perSample, weightsOfLabels(labelled, weight)) : perSample;
  return reduceLosses('multiMarginLoss', reshape(losses, target.shape), reduction);
}

type Missing = (score: Tensor, right: Tensor, classes: Tensor, label: Tensor, margin: number) => Tensor;
/** What a class lacks to be `margin` below the right one; nothing for the right one itself. */
const missing: Elementwise<Missing> = lift(
  composed('missingMargin', (score, right, classes, label, margin) =>
    where(eq(classes, label), 0, relu(add(sub(margin, right), score))),
  ),
);
