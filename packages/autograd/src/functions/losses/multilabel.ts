// Losses of samples that have several labels at once.
import { fail } from '../../core/errors.ts';
import { sameShape, showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../../primitives/linear/align.ts';
import { add, sub } from '../../primitives/linear/arithmetic.ts';
import { convert } from '../../primitives/linear/convert.ts';
import { runningSumAlong } from '../../primitives/linear/cumsum.ts';
import { gatherAlong, scatterAddZeros } from '../../primitives/linear/gather.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { where } from '../../primitives/linear/where.ts';
import { eq, lt } from '../../primitives/piecewise/comparison.ts';
import { ravelIndices } from '../../primitives/piecewise/indices.ts';
import { relu } from '../../primitives/piecewise/kinked.ts';
import { composed } from '../../transforms/composed.ts';
import { checkFloating } from '../check-dtype.ts';
import { mean, sum } from '../reductions.ts';
import { withLogits } from './binary-cross-entropy.ts';
import { checkOneShape, checkTensors, type LossOptions, reduceLosses } from './reduction.ts';

export interface MultilabelSoftMarginOptions extends LossOptions {
  /** A factor for each class, shape `[C]`; or whatever broadcasts with the input. */
  readonly weight?: Tensor | null;
}

/**
 * The mean over classes of the binary cross-entropy of each: `-(t log σ(x) + (1 - t) log σ(-x))`, accurate for scores of any
 * size.
 *
 * @param input Scores `[…, C]`.
 * @param target 1 for the classes of a sample and 0 for others (or between), of the input's shape.
 * @returns A single number, or the shape `[…]` with reduction `none`.
 * @throws GradtapeError if the shapes differ, or the input has no dims.
 */
export function multilabelSoftMarginLoss(
  input: Tensor,
  target: Tensor,
  { weight, reduction }: MultilabelSoftMarginOptions = {},
): Tensor {
  checkOneShape('multilabelSoftMarginLoss', { input, target });
  if (input.rank === 0) failOnClasses('multilabelSoftMarginLoss', input, '[…, C]');
  const each = withLogits(input, target, 1);
  const losses = mean(weight ? mul<Tensor, Tensor>(each, weight) : each, -1);
  return reduceLosses('multilabelSoftMarginLoss', losses, reduction);
}

/** What a class that is not among the labels lacks to be 1 below one that is. */
type Missing = (label: Tensor, score: Tensor, isLabel: Tensor, isOther: Tensor) => Tensor;
const missing: Elementwise<Missing> = lift(
  composed('missingMargins', (label, score, isLabel, isOther) =>
    where(eq(mul(isLabel, isOther), 0), 0, relu(add(sub(1, label), score))),
  ),
);

/**
 * For each label of a sample and each class that is none, what the score of the class lacks to be 1 below that of the
 * label, over the number of classes: `Σ max(0, 1 - (x[label] - x[other])) / C`.
 *
 * @param input Scores `[N, C]` or `[C]`.
 * @param target Labels 0 to C - 1, dtype int32, of the input's shape: those of each sample first, then -1; what comes after
 *   the first negative one does not count.
 * @returns A single number, or `[N]` (or no dims) with reduction `none`.
 * @throws GradtapeError if the shapes differ, the target is not int32, or a label is out of range.
 * @example
 * const labels = tensor([[2, 0, -1]], { dtype: 'int32' });
 * multilabelMarginLoss(tensor([[0.5, 0.25, 1]]), labels).item(); // (0.75 + 0.25) / 3 = 0.3333…
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  checkTensors('multilabelMarginLoss', { input, target });
  checkFloating('multilabelMarginLoss', input);
  if (input.rank !== 1 && input.rank !== 2) failOnClasses('multilabelMarginLoss', input, '[N, C] or [C]');
  if (target.dtype !== 'int32' || !sameShape(target.shape, input.shape)) failOnLabels(input, target);
  const [rows, columns] = input.rank === 2 ? input.shape : [1, input.length];
  const scores = reshape(input, [rows, columns]);
  const given = reshape(target, [rows, columns]);
  const { dtype } = input;
  // Programs compute masks beside floats only in the floats' dtype.
  const ended = runningSumAlong(convert(lt(convert(given, dtype), 0), dtype), 1);
  const counted = where(eq(ended, 0), given, 0);
  const counting = { operation: 'multilabelMarginLoss', dim: 1, size: columns, fromEnd: false };
  const labels = ravelIndices([counted], [counting]);
  const isLabel = convert(eq(ended, 0), dtype);
  const isOther = convert(eq(scatterAddZeros(isLabel, labels, 1, [rows, columns]), 0), dtype);
  const alongLabels = (x: Tensor): Tensor => reshape(x, [rows, columns, 1]);
  const alongClasses = (x: Tensor): Tensor => reshape(x, [rows, 1, columns]);
  const each = missing(
    alongLabels(gatherAlong(scores, 1, labels)),
    alongClasses(scores),
    alongLabels(isLabel),
    alongClasses(isOther),
  );
  const losses = mul(sum(each, [1, 2]), 1 / columns);
  return reduceLosses('multilabelMarginLoss', reshape(losses, input.shape.slice(0, -1)), reduction);
}

function failOnClasses(operation: string, { shape }: Tensor, needed: string): never {
  return fail(`${operation}: scores without a dim of classes`, {
    got: `input ${showShape(shape)}`,
    needs: needed,
    fix: 'the last layer should give one score for each class',
  });
}

function failOnLabels(input: Tensor, target: Tensor): never {
  return fail('multilabelMarginLoss: the target is not of labels for the input', {
    got: `target ${showShape(target.shape)} ${target.dtype} for input ${showShape(input.shape)}`,
    needs: `${showShape(input.shape)} int32: the labels of each sample, then -1`,
    fix: 'multilabelSoftMarginLoss takes 1 for the classes of a sample and 0 for others',
  });
}
