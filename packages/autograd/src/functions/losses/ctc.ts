import { adopt, constant } from '../../core/allocate.ts';
import { fail } from '../../core/errors.ts';
import { sameShape, showShape } from '../../core/shape.ts';
import { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../../primitives/linear/align.ts';
import { add, neg, sub } from '../../primitives/linear/arithmetic.ts';
import { concatAlong } from '../../primitives/linear/concat.ts';
import { convert } from '../../primitives/linear/convert.ts';
import { runningSumAlong } from '../../primitives/linear/cumsum.ts';
import { gatherAlong } from '../../primitives/linear/gather.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { broadcastTo } from '../../primitives/linear/sum.ts';
import { where } from '../../primitives/linear/where.ts';
import { eq, gt, logicalAnd, lt, ne } from '../../primitives/piecewise/comparison.ts';
import { maximum } from '../../primitives/piecewise/kinked.ts';
import { div } from '../../primitives/smooth/division.ts';
import { exp, log } from '../../primitives/smooth/exponential.ts';
import { isTracing } from '../../tape/observer.ts';
import { composed } from '../../transforms/composed.ts';
import { checkFloating, checkWhole } from '../check-dtype.ts';
import { arange } from '../creation.ts';
import { narrow } from '../movement.ts';
import { scan } from '../scan.ts';
import { checkTensors, type LossOptions, reduceLosses } from './reduction.ts';

/** Lengths as numbers, or as a tensor of dtype int32. */
type Lengths = number | readonly number[] | Tensor;

export interface CtcOptions extends LossOptions {
  /** The class that stands for no label. Default: 0. */
  readonly blank?: number;
  /** Whether losses of targets that no alignment can give, which are infinite, count as 0. Default: false. */
  readonly zeroInfinity?: boolean;
}

/**
 * Connectionist temporal classification: `-log` of the probability that a sequence of labels comes out if, of one class
 * for each time, repetitions are merged and blanks then left out; summed over all such alignments by the forward algorithm,
 * in logarithms. The mean divides each loss by the length of its target first. Graves et al., 2006.
 *
 * The derivative is that of the sum. PyTorch's differs from it for log-probabilities that are leaves: it presumes that they
 * come from `logSoftmax`, behind which the two are the same.
 *
 * @param logProbs Log-probabilities `[time, batch, classes]`, or `[time, classes]`, for instance of `logSoftmax`.
 * @param targets Labels that are not the blank, dtype int32: `[batch, longest]`, of which what is beyond the length of a
 *   target is not looked at; or one after the other, `[Σ targetLengths]`.
 * @param inputLengths How many times of each sequence count: `[batch]`, in an array or of dtype int32.
 * @param targetLengths How many labels each target has, likewise.
 * @returns A single number, or `[batch]` with reduction `none`. Infinity where there is no alignment.
 * @throws GradtapeError if shapes or dtypes do not fit, or a label or length is out of range (compiled, they are not looked
 *   at; targets one after the other need their lengths in an array then).
 * @example
 * const logProbs = logSoftmax(zeros([3, 1, 2]), 2);
 * ctcLoss(logProbs, tensor([[1]], { dtype: 'int32' }), [3], [1], { reduction: 'sum' }).item(); // log(8 / 6) = 0.2876…
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  { blank = 0, reduction = 'mean', zeroInfinity = false }: CtcOptions = {},
): Tensor {
  checkTensors('ctcLoss', { logProbs, targets });
  checkFloating('ctcLoss', logProbs);
  checkWhole('ctcLoss', targets);
  const isBatch = logProbs.rank === 3;
  if (!isBatch && logProbs.rank !== 2) failOnShapes(logProbs, targets);
  const [times, batch, classes] = isBatch ? logProbs.shape : [logProbs.shape[0], 1, logProbs.shape[1]];
  checkBlank(blank, classes);
  const counts = {
    input: lengthsOf('inputLengths', inputLengths, batch, times),
    target: lengthsOf('targetLengths', targetLengths, batch, Number.POSITIVE_INFINITY),
  };
  const labels = paddedLabels(logProbs, targets, targetLengths, counts.target);
  if (!isTracing()) checkLabels(labels, counts.target, blank, classes);
  const likelihood = logLikelihood(reshape(logProbs, [times, batch, classes]), labels, counts, blank);
  const losses = zeroInfinity ? where(eq(likelihood, -Infinity), 0, neg(likelihood)) : neg(likelihood);
  const perLabel = reduction === 'mean' ? div<Tensor, Tensor>(losses, maximum(counts.target, 1)) : losses;
  return reduceLosses('ctcLoss', isBatch ? perLabel : reshape(perLabel, []), reduction);
}

/** Lengths of each sequence, dtype int32. */
interface Counts {
  readonly input: Tensor;
  readonly target: Tensor;
}

/** `log(eᵃ + eᵇ + eᶜ)`; of three times -Infinity this, with derivative 0. */
const logSumOfThree: Elementwise<(a: Tensor, b: Tensor, c: Tensor | number) => Tensor> = lift(
  composed('logSumOfThree', (a, b, c) => {
    const largest = maximum(maximum(a, b), c);
    const isNone = eq(largest, -Infinity);
    const shift = where(isNone, 0, largest);
    const term = (x: Tensor): Tensor => exp(sub(where(isNone, 0, x), shift));
    return where(isNone, -Infinity, add(shift, log(add(add(term(a), term(b)), term(c)))));
  }),
);

/** The log-probability of all alignments of each target, `[batch]`. */
function logLikelihood(logProbs: Tensor, labels: Tensor, { input, target }: Counts, blank: number): Tensor {
  const [times, batch] = logProbs.shape;
  const path = withBlanks(labels, target, blank);
  const size = path.shape[1];
  const { dtype } = logProbs;
  const emissions = gatherAlong(logProbs, 2, broadcastTo(reshape(path, [1, batch, size]), [times, batch, size]));
  // Programs compute masks beside floats only in the floats' dtype.
  const [classes, lengths] = [convert(path, dtype), convert(reshape(input, [batch, 1]), dtype)];
  // A label may follow another one without a blank between them, if it is not the same.
  const maySkip = logicalAnd(ne(classes, blank), ne(classes, movedBy(2, classes, blank)));
  const advance = (state: Tensor, emission: Tensor, time: number): Tensor => {
    const skipped = where(maySkip, movedBy(2, state, -Infinity), -Infinity);
    const next = add<Tensor, Tensor>(logSumOfThree(state, movedBy(1, state, -Infinity), skipped), emission);
    return where(gt(lengths, time), next, state);
  };
  const start = constant(0, [batch, 1], dtype);
  const initial = size === 1 ? start : concatAlong([start, constant(-Infinity, [batch, size - 1], dtype)], 1);
  const state = scan('alignments', advance, initial, emissions);
  const last = reshape(mul(target, 2), [batch, 1]);
  const onBlank = gatherAlong(state, 1, last);
  const onLabel = where(gt(convert(last, dtype), 0), gatherAlong(state, 1, maximum(sub(last, 1), 0)), -Infinity);
  return reshape(logSumOfThree(onBlank, onLabel, -Infinity), [batch]);
}

/** Each label with a blank before it, and one behind the last; beyond a target's length blanks: `[batch, 2 longest + 1]`. */
function withBlanks(labels: Tensor, lengths: Tensor, blank: number): Tensor {
  const [batch, longest] = labels.shape;
  const places = arange(0, longest, 1, { dtype: 'int32' });
  const counted = where(lt(reshape(places, [1, longest]), reshape(lengths, [batch, 1])), labels, blank);
  const column = (x: Tensor): Tensor => reshape(x, [batch, longest, 1]);
  const pairs = concatAlong([constant(blank, [batch, longest, 1], 'int32'), column(counted)], 2);
  return concatAlong([reshape(pairs, [batch, 2 * longest]), constant(blank, [batch, 1], 'int32')], 1);
}

/** Moved to the right along dim 1; `fill` comes in. */
function movedBy(places: number, x: Tensor, fill: number): Tensor {
  const [batch, size] = x.shape;
  const entering = constant(fill, [batch, Math.min(places, size)], x.dtype);
  return size <= places ? entering : concatAlong([entering, narrow(x, 1, 0, size - places)], 1);
}

/** Targets beside each other, `[batch, longest]`. */
function paddedLabels(logProbs: Tensor, targets: Tensor, given: Lengths, lengths: Tensor): Tensor {
  const batch = lengths.length;
  if (logProbs.rank === 2 && targets.rank === 1) return reshape(targets, [1, targets.length]);
  if (targets.rank === 2 && targets.shape[0] === batch) return targets;
  if (targets.rank !== 1) failOnShapes(logProbs, targets);
  const sizes = numbersIn(given);
  const sum = sizes.reduce((a, b) => a + b, 0);
  if (sum !== targets.length) failOnSum(targets, sizes);
  const longest = Math.max(0, ...sizes);
  const starts = reshape(sub<Tensor, Tensor>(runningSumAlong(lengths, 0), lengths), [batch, 1]);
  const places = reshape(arange(0, longest, 1, { dtype: 'int32' }), [1, longest]);
  const inside = lt(places, reshape(lengths, [batch, 1]));
  const found = where(inside, add<Tensor, Tensor>(starts, places), 0);
  if (sum === 0) return constant(0, [batch, longest], 'int32');
  return reshape(gatherAlong(targets, 0, reshape(found, [batch * longest])), [batch, longest]);
}

function numbersIn(lengths: Lengths): number[] {
  if (typeof lengths === 'number') return [lengths];
  return lengths instanceof Tensor ? Array.from(lengths.toTypedArray()) : [...lengths];
}

function lengthsOf(name: string, lengths: Lengths, batch: number, most: number): Tensor {
  if (lengths instanceof Tensor) checkWhole(`ctcLoss: ${name}`, lengths);
  const tensor =
    lengths instanceof Tensor ? lengths : adopt(Int32Array.from(numbersIn(lengths)), [numbersIn(lengths).length]);
  const isAlone = batch === 1 && sameShape(tensor.shape, []);
  const numbers = isTracing() && lengths instanceof Tensor ? [] : numbersIn(lengths);
  const inRange = numbers.every((n) => Number.isInteger(n) && n >= 0 && n <= most);
  if ((isAlone || sameShape(tensor.shape, [batch])) && inRange) return reshape(tensor, [batch]);
  return fail(`ctcLoss: the ${name} do not fit`, {
    got: `[${numbers.join(', ')}] of shape ${showShape(tensor.shape)}`,
    needs: `${batch} whole numbers from 0${Number.isFinite(most) ? ` to ${most}, the times of logProbs` : ''}`,
    fix: 'logProbs are [time, batch, classes]; one length for each of the batch',
  });
}

function checkBlank(blank: number, classes: number): void {
  if (Number.isInteger(blank) && blank >= 0 && blank < classes) return;
  fail('ctcLoss: the blank is no class', {
    got: `blank ${blank} for ${classes} classes`,
    needs: `a whole number from 0 to ${classes - 1}`,
    fix: 'the last layer has one output more than there are labels, for the blank',
  });
}

function checkLabels(labels: Tensor, lengths: Tensor, blank: number, classes: number): void {
  const [, longest] = labels.shape;
  const counts = lengths.toTypedArray();
  if (counts.some((count) => count > longest)) {
    fail('ctcLoss: the targetLengths do not fit', {
      got: `[${counts.join(', ')}] for targets ${showShape(labels.shape)}`,
      needs: `at most ${longest}, the size of the padded targets`,
      fix: 'count the labels without the padding',
    });
  }
  const wrong = labels.toTypedArray().findIndex((label, k) => {
    const counted = k % longest < counts[Math.floor(k / longest)];
    return counted && (label < 0 || label >= classes || label === blank);
  });
  if (wrong < 0) return;
  fail('ctcLoss: a label is out of range', {
    got: `label ${labels.toTypedArray()[wrong]} in target ${Math.floor(wrong / longest)}, for ${classes} classes with blank ${blank}`,
    needs: `labels 0 to ${classes - 1} but for ${blank}`,
    fix: 'count labels from 1 if the blank is 0',
  });
}

function failOnShapes(logProbs: Tensor, targets: Tensor): never {
  return fail('ctcLoss: the shapes do not fit together', {
    got: `logProbs ${showShape(logProbs.shape)}, targets ${showShape(targets.shape)}`,
    needs: 'logProbs [time, batch, classes] with targets [batch, longest] or one after the other; or [time, classes]',
    fix: 'the time comes first: transpose(0, 1) if the batch does',
  });
}

function failOnSum(targets: Tensor, sizes: readonly number[]): never {
  return fail('ctcLoss: the targetLengths do not add up to the targets', {
    got: `${targets.length} labels for lengths [${sizes.join(', ')}]`,
    needs: 'as many labels as the lengths add up to',
    fix: 'padded targets have the shape [batch, longest]',
  });
}
