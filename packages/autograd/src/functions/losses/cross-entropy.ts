import { isFloating } from '../../core/dtype.ts';
import { fail } from '../../core/errors.ts';
import { sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../../primitives/linear/align.ts';
import { add, neg, sub } from '../../primitives/linear/arithmetic.ts';
import { convert } from '../../primitives/linear/convert.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { sumKept } from '../../primitives/linear/sum.ts';
import { where } from '../../primitives/linear/where.ts';
import { eq } from '../../primitives/piecewise/comparison.ts';
import { div } from '../../primitives/smooth/division.ts';
import { log } from '../../primitives/smooth/exponential.ts';
import { isRecording } from '../../tape/bind.ts';
import { composed } from '../../transforms/composed.ts';
import { customGrad } from '../../transforms/custom-grad.ts';
import { checkFloating } from '../check-dtype.ts';
import { sum } from '../reductions.ts';
import { type Exponentials, exponentials, logSoftmaxOver, softmaxInLatex, softmaxOver } from '../softmax.ts';
import {
  alongClasses,
  besideScores,
  classNumbers,
  dimOfClasses,
  IGNORED,
  type LabelledScores,
  scoresOfLabels,
  weightsOfLabels,
} from './labels.ts';
import { checkTensors, failOnReduction, type LossOptions } from './reduction.ts';

export interface NllOptions extends LossOptions {
  /** A factor for each class, shape `[C]`. */
  readonly weight?: Tensor | null;
  /** Samples with this label do not count. Default: -100. */
  readonly ignoreIndex?: number;
}

export interface CrossEntropyOptions extends NllOptions {
  /** How much of each target is spread evenly over all classes, from 0 to 1. Default: 0. */
  readonly labelSmoothing?: number;
}

/** `-log p` of the right class, from scores. The derivative by the scores: probabilities, less 1 for the right class. */
function crossEntropyEach({ scores, labels: target, labelling }: LabelledScores): Tensor {
  const dims = [labelling.dim];
  let made: Exponentials | undefined;
  const each = customGrad({
    name: 'crossEntropy',
    keepsNothing: true,
    forward: (x, labels) => {
      made = exponentials(x, dims);
      const ofLabels = scoresOfLabels({ scores: x, labels, labelling });
      return minusLogProbability(made.largest, made.total, ofLabels);
    },
    backward: (cotangent, [x, labels]) => {
      const { terms, total } = made as Exponentials;
      const [numerator, denominator] = isRecording() ? [softmaxOver(dims)(x), 1] : [terms, total];
      return [scoreCotangent(cotangent, numerator, denominator, classNumbers(x, labelling.dim), labels), undefined];
    },
    latex: (m, [x, labels]) => m.neg(m.log(m.part(softmaxInLatex(m, x, dims), labels))),
  });
  return each(scores, target);
}

const minusLogProbability: Elementwise<(largest: Tensor, total: Tensor, score: Tensor) => Tensor> = lift(
  composed('minusLogProbability', (largest, total, score) => sub(log(total), sub(score, largest))),
);
type ScoreCotangent = (
  cotangent: Tensor,
  numerator: Tensor,
  denominator: Tensor | number,
  classes: Tensor,
  label: Tensor,
) => Tensor;
const scoreCotangent: Elementwise<ScoreCotangent> = lift(
  composed('scoreCotangent', (cotangent, numerator, denominator, classes, label) => {
    const probability = div<Tensor, Tensor>(numerator, denominator);
    return mul(cotangent, where(eq(classes, label), sub(probability, 1), probability));
  }),
);

/** A loss times its weight; 0 where the weight is, whatever the loss. */
const weighed: Elementwise<(loss: Tensor, weight: Tensor) => Tensor> = lift(
  composed('weighed', (loss, weight) => where(eq(weight, 0), 0, mul(loss, weight))),
);

/** Losses of shape `[N, 1, …]`, reduced; their mean counts each sample with its weight. */
function reduceWeighed(
  operation: string,
  losses: Tensor,
  weights: Tensor,
  target: Tensor,
  reduction: LossOptions['reduction'] = 'mean',
): Tensor {
  switch (reduction) {
    case 'none':
      return reshape(losses, target.shape);
    case 'sum':
      return sum(losses);
    case 'mean':
      return div<Tensor, Tensor>(sum(losses), sum(weights));
    default:
      return failOnReduction(operation, reduction);
  }
}

/**
 * The negative log-likelihood of labels under log-probabilities: `-weight[t] · input[t]`. The mean is
 * `Σ losses / Σ weights`, over the samples that are not ignored; NaN if all are.
 *
 * @param input Log-probabilities `[N, C]`, `[N, C, d1, …]` or `[C]`, for instance of `logSoftmax`.
 * @param target Labels 0 to C - 1, dtype int32: `[N]`, `[N, d1, …]` or `[]`.
 * @returns A single number, or the target's shape with reduction `none`.
 * @throws GradtapeError if the shapes do not fit, the target is not int32, or a label is out of range.
 */
export function nllLoss(
  input: Tensor,
  target: Tensor,
  { weight, ignoreIndex = IGNORED, reduction }: NllOptions = {},
): Tensor {
  checkTensors('nllLoss', { input, target });
  checkFloating('nllLoss', input);
  const labelled = besideScores('nllLoss', input, target, ignoreIndex);
  const weights = weightsOfLabels(labelled, weight);
  return reduceWeighed('nllLoss', weighed(neg(scoresOfLabels(labelled)), weights), weights, target, reduction);
}

/**
 * The cross-entropy of targets and the softmax of scores: softmax, logarithm and {@link nllLoss} in one, accurate for
 * scores of any size.
 *
 * @param input Scores (logits) `[N, C]`, `[N, C, d1, …]` or `[C]`.
 * @param target Labels 0 to C - 1, dtype int32: `[N]`, `[N, d1, …]` or `[]`; or probabilities of the input's shape, of a
 *   floating dtype.
 * @returns A single number, or the input's shape without the classes with reduction `none`. For labels the mean is
 *   `Σ losses / Σ weights`, over the samples that are not ignored; for probabilities `Σ losses / number of samples`.
 * @throws GradtapeError if the shapes or dtypes do not fit, or a label is out of range.
 * @example
 * const labels = tensor([2, 0], { dtype: 'int32' });
 * crossEntropy(tensor([[0, 0, 0], [0, 0, 0]]), labels).item(); // log 3 = 1.0986…
 */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { weight, ignoreIndex = IGNORED, labelSmoothing = 0, reduction } = options;
  checkTensors('crossEntropy', { input, target });
  checkFloating('crossEntropy', input);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    fail('crossEntropy: labelSmoothing is not a share', {
      got: `${labelSmoothing}`,
      needs: 'a number from 0 to 1',
      fix: 'a share in percent is divided by 100 first',
    });
  }
  if (isFloating(target.dtype) && sameShape(target.shape, input.shape)) return ofProbabilities(input, target, options);
  const labelled = besideScores('crossEntropy', input, target, ignoreIndex);
  const weights = weightsOfLabels(labelled, weight);
  const losses =
    labelSmoothing === 0
      ? weighed(crossEntropyEach(labelled), weights)
      : smoothed(labelled, weights, labelSmoothing, weight);
  return reduceWeighed('crossEntropy', losses, weights, target, reduction);
}

/** The loss of the label, mixed with the mean of the losses of all classes. */
function smoothed(labelled: LabelledScores, weights: Tensor, share: number, weight?: Tensor | null): Tensor {
  const { scores, labelling } = labelled;
  const { dim, operation } = labelling;
  const logProbabilities = logSoftmaxOver([dim])(scores);
  const ofLabel = neg(scoresOfLabels({ ...labelled, scores: logProbabilities }));
  const ofEach = weight
    ? mul<Tensor, Tensor>(logProbabilities, alongClasses(operation, scores, dim, weight))
    : logProbabilities;
  const ofAll = mul(sumKept(ofEach, [dim]), -share / scores.shape[dim]);
  const counts = weight ? weightsOfLabels(labelled) : weights;
  return add<Tensor, Tensor>(mul(weighed(ofLabel, weights), 1 - share), weighed(ofAll, counts));
}

const crossTerm: Elementwise<(target: Tensor, logProbability: Tensor, share: number, even: number) => Tensor> = lift(
  composed('crossTerm', (t, logProbability, share, even) => mul(neg(add(mul(t, share), even)), logProbability)),
);

function ofProbabilities(
  input: Tensor,
  target: Tensor,
  { weight, labelSmoothing = 0, reduction = 'mean' }: CrossEntropyOptions,
): Tensor {
  const dim = dimOfClasses('crossEntropy', input);
  const classes = input.shape[dim];
  const logProbabilities = logSoftmaxOver([dim])(input);
  const probabilities = target.dtype === input.dtype ? target : convert(target, input.dtype);
  const terms = crossTerm(probabilities, logProbabilities, 1 - labelSmoothing, labelSmoothing / classes);
  const weighted = weight ? mul<Tensor, Tensor>(terms, alongClasses('crossEntropy', input, dim, weight)) : terms;
  switch (reduction) {
    case 'none':
      return sum(weighted, dim);
    case 'sum':
      return sum(weighted);
    case 'mean':
      return mul(sum(weighted), classes / input.length);
    default:
      return failOnReduction('crossEntropy', reduction);
  }
}
