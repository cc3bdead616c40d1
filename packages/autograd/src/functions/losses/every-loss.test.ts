// One table of all losses: each has the derivatives of differences, keeps its digits in float32 at scores of any size, and
// says what is wrong with what it cannot take.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unitRoundoff } from '../../core/dtype.ts';
import * as autograd from '../../index.ts';
import {
  Generator,
  GradtapeError,
  type LossOptions,
  logSoftmax,
  randn,
  sigmoid,
  softmax,
  type Tensor,
  tensor,
  vjp,
  zeros,
} from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';
import * as losses from './index.ts';

const whole = (entries: readonly number[] | readonly number[][]): Tensor => tensor(entries, { dtype: 'int32' });
const labels = whole([2, 0, 1, 2]);
const severalLabels = whole([
  [2, 0, -1],
  [-1, 0, 1],
  [1, -1, -1],
  [0, 1, 2],
]);

/** 1 and -1, as many as there are entries. */
const signs = (x: Tensor): Tensor =>
  tensor([1, -1, -1, 1, 1, -1, 1, -1, 1, 1, -1, -1].slice(0, x.length)).reshape(x.shape);
/** Numbers from 0 to 1 of the dtype of another tensor. */
const shares = (x: Tensor): Tensor => tensor([0, 1, 0.25, 1, 0, 0.5, 1, 1, 0, 0.125, 0, 1]).reshape([4, 3]).to(x.dtype);
const factors = (x: Tensor, size = 3): Tensor => tensor([0.5, 2, 1].slice(0, size)).to(x.dtype);
const factorsOfEach = (x: Tensor): Tensor => factors(x).add(shares(x));

interface Tried {
  /** The loss of real numbers `[4, 3]`, as many of them as it names, with options. */
  readonly loss: (options: LossOptions, a: Tensor, b: Tensor, c: Tensor) => Tensor;
  /** How many of these it uses. */
  readonly inputs: number;
  /** 1 where it has kinks. */
  readonly order: 1 | 2;
  /** Numbers at which float32 still gives what float64 gives. Default: -1000, 0, 1000. */
  readonly extremes?: readonly number[];
  /** Calls that throw. */
  readonly bad: Readonly<Record<string, () => unknown>>;
}

const x = zeros([4, 3]);
const wide = zeros([4, 1]);
const odd = { reduction: 'average' as 'mean' };

/** What losses of two tensors of one shape refuse. */
const ofTwo = (loss: (a: Tensor, b: Tensor, options?: LossOptions) => Tensor): Tried['bad'] => ({
  shapes: () => loss(x, wide),
  reduction: () => loss(x, x, odd),
  'an array': () => loss(x, [1, 2] as never),
});

// biome-ignore format: one variant a line
const table: Readonly<Record<string, Tried>> = {
  mseLoss: { loss: (o, a, b) => autograd.mseLoss(a, b, o), inputs: 2, order: 2, bad: { ...ofTwo(autograd.mseLoss), weight: () => autograd.mseLoss(x, x, { weight: wide }) } },
  'mseLoss, weighted': { loss: (o, a, b) => autograd.mseLoss(a, b, { ...o, weight: factorsOfEach(a) }), inputs: 2, order: 2, bad: {} },
  l1Loss: { loss: (o, a, b) => autograd.l1Loss(a, b, o), inputs: 2, order: 1, bad: { ...ofTwo(autograd.l1Loss), weight: () => autograd.l1Loss(x, x, { weight: wide }) } },
  'l1Loss, weighted': { loss: (o, a, b) => autograd.l1Loss(a, b, { ...o, weight: factorsOfEach(a) }), inputs: 2, order: 1, bad: {} },
  huberLoss: { loss: (o, a, b) => autograd.huberLoss(a, b, { ...o, delta: 0.7 }), inputs: 2, order: 1, bad: { ...ofTwo(autograd.huberLoss), delta: () => autograd.huberLoss(x, x, { delta: 0 }), weight: () => autograd.huberLoss(x, x, { weight: wide }) } },
  'huberLoss, weighted': { loss: (o, a, b) => autograd.huberLoss(a, b, { ...o, weight: factorsOfEach(a) }), inputs: 2, order: 1, bad: {} },
  smoothL1Loss: { loss: (o, a, b) => autograd.smoothL1Loss(a, b, { ...o, beta: 0.7 }), inputs: 2, order: 1, bad: { ...ofTwo(autograd.smoothL1Loss), beta: () => autograd.smoothL1Loss(x, x, { beta: -1 }) } },
  gaussianNllLoss: { loss: (o, a, b, c) => autograd.gaussianNllLoss(a, b, c.exp(), o), inputs: 3, order: 2, extremes: [-4, 0, 20], bad: { ...ofTwo((a, b, o) => autograd.gaussianNllLoss(a, b, 1, o)), variance: () => autograd.gaussianNllLoss(x, x, zeros([3])), 'a negative one': () => autograd.gaussianNllLoss(x, x, -1) } },
  'gaussianNllLoss, full': { loss: (o, a, b) => autograd.gaussianNllLoss(a, b, 0.5, { ...o, full: true }), inputs: 2, order: 2, bad: {} },
  poissonNllLoss: { loss: (o, a) => autograd.poissonNllLoss(a, shares(a), o), inputs: 1, order: 2, extremes: [-1000, 0, 80], bad: ofTwo(autograd.poissonNllLoss) },
  'poissonNllLoss of rates': { loss: (o, a) => autograd.poissonNllLoss(a.square(), shares(a).mul(4), { ...o, logInput: false, full: true, eps: 1e-3 }), inputs: 1, order: 2, bad: {} },
  klDiv: { loss: (o, a) => autograd.klDiv(logSoftmax(a, 1), softmax(shares(a), 1), o), inputs: 1, order: 2, bad: { ...ofTwo(autograd.klDiv), batchmean: () => autograd.klDiv(tensor(1), tensor(1), { reduction: 'batchmean' }) } },
  'klDiv of logarithms': { loss: (o, a, b) => autograd.klDiv(logSoftmax(a, 1), logSoftmax(b, 1), { ...o, logTarget: true }), inputs: 2, order: 2, bad: {} },
  binaryCrossEntropy: { loss: (o, a) => autograd.binaryCrossEntropy(sigmoid(a), shares(a), { ...o, weight: factors(a) }), inputs: 1, order: 2, extremes: [-80, 0, 4], bad: { ...ofTwo(autograd.binaryCrossEntropy), 'no probabilities': () => autograd.binaryCrossEntropy(x.add(2), x) } },
  binaryCrossEntropyWithLogits: { loss: (o, a) => autograd.binaryCrossEntropyWithLogits(a, shares(a), o), inputs: 1, order: 2, bad: ofTwo(autograd.binaryCrossEntropyWithLogits) },
  'binaryCrossEntropyWithLogits, weighted': { loss: (o, a) => autograd.binaryCrossEntropyWithLogits(a, shares(a), { ...o, weight: factorsOfEach(a), posWeight: factors(a) }), inputs: 1, order: 2, bad: { weight: () => autograd.binaryCrossEntropyWithLogits(x, x, { posWeight: zeros([2]) }) } },
  crossEntropy: { loss: (o, a) => autograd.crossEntropy(a, labels, o), inputs: 1, order: 2, bad: { 'an array': () => autograd.crossEntropy([1] as never, labels), target: () => autograd.crossEntropy(x, x.select(1, 0)), label: () => autograd.crossEntropy(x, whole([0, 1, 3, 0])), smoothing: () => autograd.crossEntropy(x, labels, { labelSmoothing: 2 }), weight: () => autograd.crossEntropy(x, labels, { weight: wide }), reduction: () => autograd.crossEntropy(x, labels, odd), 'whole numbers': () => autograd.crossEntropy(labels, labels) } },
  'crossEntropy, weighted, smoothed': { loss: (o, a) => autograd.crossEntropy(a, labels, { ...o, weight: factors(a), ignoreIndex: 1, labelSmoothing: 0.2 }), inputs: 1, order: 2, bad: {} },
  'crossEntropy of probabilities': { loss: (o, a, b) => autograd.crossEntropy(a, softmax(b, 1), { ...o, weight: factors(a), labelSmoothing: 0.1 }), inputs: 2, order: 2, bad: { reduction: () => autograd.crossEntropy(x, x, odd) } },
  nllLoss: { loss: (o, a) => autograd.nllLoss(logSoftmax(a, 1), labels, { ...o, weight: factors(a), ignoreIndex: 0 }), inputs: 1, order: 2, bad: { 'an array': () => autograd.nllLoss([1] as never, labels), target: () => autograd.nllLoss(x, whole([0])), label: () => autograd.nllLoss(x, whole([0, 1, -1, 0])), reduction: () => autograd.nllLoss(x, labels, odd) } },
  hingeLoss: { loss: (o, a) => autograd.hingeLoss(a, signs(a), { ...o, margin: 0.5 }), inputs: 1, order: 1, bad: ofTwo(autograd.hingeLoss) },
  hingeEmbeddingLoss: { loss: (o, a) => autograd.hingeEmbeddingLoss(a, signs(a), { ...o, margin: 0.5 }), inputs: 1, order: 1, bad: ofTwo(autograd.hingeEmbeddingLoss) },
  softMarginLoss: { loss: (o, a) => autograd.softMarginLoss(a, signs(a), o), inputs: 1, order: 2, bad: ofTwo(autograd.softMarginLoss) },
  marginRankingLoss: { loss: (o, a, b) => autograd.marginRankingLoss(a, b, signs(a), { ...o, margin: 0.5 }), inputs: 2, order: 1, bad: ofTwo((a, b, o) => autograd.marginRankingLoss(a, b, a, o)) },
  cosineEmbeddingLoss: { loss: (o, a, b) => autograd.cosineEmbeddingLoss(a, b, signs(zeros([4])), { ...o, margin: 0.1 }), inputs: 2, order: 1, extremes: [-1000, 1, 1000], bad: { 'an array': () => autograd.cosineEmbeddingLoss(x, x, [1] as never), shapes: () => autograd.cosineEmbeddingLoss(x, wide, labels), target: () => autograd.cosineEmbeddingLoss(x, x, x), reduction: () => autograd.cosineEmbeddingLoss(x, x, labels, odd) } },
  tripletMarginLoss: { loss: (o, a, b, c) => autograd.tripletMarginLoss(a, b, c, { ...o, swap: true, p: 3, eps: 1e-3 }), inputs: 3, order: 1, bad: { ...ofTwo((a, b, o) => autograd.tripletMarginLoss(a, b, a, o)), margin: () => autograd.tripletMarginLoss(x, x, x, { margin: 0 }) } },
  tripletMarginWithDistanceLoss: { loss: (o, a, b, c) => autograd.tripletMarginWithDistanceLoss(a, b, c, { ...o, margin: 3, distanceFunction: (u, v) => u.sub(v).abs().sum(1) }), inputs: 3, order: 1, bad: { ...ofTwo((a, b, o) => autograd.tripletMarginWithDistanceLoss(a, b, a, o)), margin: () => autograd.tripletMarginWithDistanceLoss(x, x, x, { margin: Number.NaN }) } },
  multiMarginLoss: { loss: (o, a) => autograd.multiMarginLoss(a, labels, { ...o, weight: factors(a), margin: 0.7 }), inputs: 1, order: 1, bad: { 'an array': () => autograd.multiMarginLoss([1] as never, labels), power: () => autograd.multiMarginLoss(x, labels, { p: 3 as 2 }), target: () => autograd.multiMarginLoss(x, x), label: () => autograd.multiMarginLoss(x, whole([0, 1, 3, 0])), weight: () => autograd.multiMarginLoss(x, labels, { weight: wide }), reduction: () => autograd.multiMarginLoss(x, labels, odd) } },
  'multiMarginLoss, squared': { loss: (o, a) => autograd.multiMarginLoss(a, labels, { ...o, p: 2 }), inputs: 1, order: 1, bad: {} },
  multilabelMarginLoss: { loss: (o, a) => autograd.multilabelMarginLoss(a, severalLabels, o), inputs: 1, order: 1, bad: { 'an array': () => autograd.multilabelMarginLoss([1] as never, labels), target: () => autograd.multilabelMarginLoss(x, x), label: () => autograd.multilabelMarginLoss(x, severalLabels.add(1)), rank: () => autograd.multilabelMarginLoss(zeros([2, 4, 3]), severalLabels), reduction: () => autograd.multilabelMarginLoss(x, severalLabels, odd), 'whole numbers': () => autograd.multilabelMarginLoss(severalLabels, severalLabels) } },
  multilabelSoftMarginLoss: { loss: (o, a) => autograd.multilabelSoftMarginLoss(a, shares(a), { ...o, weight: factors(a) }), inputs: 1, order: 2, bad: { ...ofTwo(autograd.multilabelSoftMarginLoss), rank: () => autograd.multilabelSoftMarginLoss(tensor(1), tensor(1)) } },
  ctcLoss: { loss: (o, a) => autograd.ctcLoss(logSoftmax(a, 1), whole([1, 2]), [4], [2], o), inputs: 1, order: 2, bad: { 'an array': () => autograd.ctcLoss(x, [1] as never, [4], [1]) } },
};

/** Of a tensor, its numbers. */
const numbers = (y: Tensor): number[] => Array.from(y.toTypedArray());

test('all losses are here', () => {
  const tried = Object.keys(table).map((name) => name.replace(/,? .*/, '').replace(',', ''));
  const functions = Object.entries(losses).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  expect([...new Set(tried)].sort()).toEqual(functions.sort());
});

describe.each(Object.entries(table))('%s', (_, { loss, inputs, order, extremes = [-1000, 0, 1000] }) => {
  const generator = new Generator(5);
  const drawn = Array.from({ length: inputs }, () => randn([4, 3], { dtype: 'float64', generator }));
  const of = (options: LossOptions, given: readonly Tensor[]): Tensor =>
    loss(options, given[0], given[1] ?? given[0], given[2] ?? given[0]);

  test.each(['none', 'mean', 'sum'] as const)('has the derivatives of differences: %s', (reduction) => {
    assertGradients((...given) => of({ reduction }, given), drawn, { order: reduction === 'mean' ? order : 1 });
  });

  test('gives in float32 what it gives in float64, far from zero, too', () => {
    const entries = fc.array(fc.constantFrom(...extremes), { minLength: 12 * inputs, maxLength: 12 * inputs });
    fc.assert(
      fc.property(entries, (all) => {
        const run = (dtype: 'float32' | 'float64'): readonly Tensor[] => {
          const given = drawn.map((_x, k) => tensor(all.slice(12 * k, 12 * k + 12), { dtype }).reshape([4, 3]));
          const [value, pull] = vjp((...y: Tensor[]) => of({ reduction: 'sum' }, y), ...given);
          return [value, ...pull(tensor(1, { dtype }))];
        };
        const exact = run('float64').map(numbers);
        // Differences of numbers as large as the inputs are rounded as those are, and so are exponentials of them.
        const ofInputs = 8 * unitRoundoff('float32') * Math.max(...all.map(Math.abs));
        const allowed = (of64: readonly number[]): number => 2e-5 * Math.max(1, ...of64.map(Math.abs)) + ofInputs;
        for (const [k, y] of run('float32').entries()) {
          expect(exact[k].every(Number.isFinite)).toBe(true);
          const errors = numbers(y).map((entry, i) => Math.abs(entry - exact[k][i]));
          expect(Math.max(...errors)).toBeLessThanOrEqual(allowed(exact[k]));
        }
      }),
      { numRuns: 20 },
    );
  });
});

test('what they cannot take', () => {
  const messages = Object.entries(table).flatMap(([name, { bad }]) =>
    Object.entries(bad).map(([what, run]) => `${name}, ${what}:\n${messageOf(run)}`),
  );
  expect(messages.join('\n\n')).toMatchInlineSnapshot(`
    "mseLoss, shapes:
    mseLoss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    mseLoss, reduction:
    mseLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    mseLoss, an array:
    mseLoss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    mseLoss, weight:
    mseLoss: the weight does not fit the input
      got:   weight [4, 1] for input [4, 3]
      needs: [4, 3]
      fix:   one factor for each entry: weight.expand(input.shape) repeats those of a dim

    l1Loss, shapes:
    l1Loss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    l1Loss, reduction:
    l1Loss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    l1Loss, an array:
    l1Loss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    l1Loss, weight:
    l1Loss: the weight does not fit the input
      got:   weight [4, 1] for input [4, 3]
      needs: [4, 3]
      fix:   one factor for each entry: weight.expand(input.shape) repeats those of a dim

    huberLoss, shapes:
    huberLoss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    huberLoss, reduction:
    huberLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    huberLoss, an array:
    huberLoss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    huberLoss, delta:
    huberLoss: not a distance
      got:   delta 0
      needs: a number above 0
      fix:   use l1Loss

    huberLoss, weight:
    huberLoss: the weight does not fit the input
      got:   weight [4, 1] for input [4, 3]
      needs: [4, 3]
      fix:   one factor for each entry: weight.expand(input.shape) repeats those of a dim

    smoothL1Loss, shapes:
    smoothL1Loss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    smoothL1Loss, reduction:
    smoothL1Loss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    smoothL1Loss, an array:
    smoothL1Loss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    smoothL1Loss, beta:
    smoothL1Loss: not a distance
      got:   beta -1
      needs: 0 or more
      fix:   leave out the sign

    gaussianNllLoss, shapes:
    gaussianNllLoss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    gaussianNllLoss, reduction:
    gaussianNllLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    gaussianNllLoss, an array:
    gaussianNllLoss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    gaussianNllLoss, variance:
    gaussianNllLoss: the variance does not fit the input
      got:   variance [3] for input [4, 3]
      needs: [4, 3], [4, 1] or [4]
      fix:   give one variance for each entry, or one for each row

    gaussianNllLoss, a negative one:
    gaussianNllLoss: a variance is negative
      got:   a negative entry of variance
      needs: 0 or more
      fix:   let the model give the logarithm of the variance, and pass its exp()

    poissonNllLoss, shapes:
    poissonNllLoss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    poissonNllLoss, reduction:
    poissonNllLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    poissonNllLoss, an array:
    poissonNllLoss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    klDiv, shapes:
    klDiv: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    klDiv, reduction:
    klDiv: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    klDiv, an array:
    klDiv: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    klDiv, batchmean:
    klDiv: no batch to take the mean over
      got:   a tensor without dims
      needs: samples along dim 0
      fix:   use reduction 'sum'

    binaryCrossEntropy, shapes:
    binaryCrossEntropy: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    binaryCrossEntropy, reduction:
    binaryCrossEntropy: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    binaryCrossEntropy, an array:
    binaryCrossEntropy: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    binaryCrossEntropy, no probabilities:
    binaryCrossEntropy: the input is not of probabilities
      got:   an entry below 0, above 1, or NaN
      needs: probabilities, from 0 to 1
      fix:   pass scores to binaryCrossEntropyWithLogits, or apply sigmoid first

    binaryCrossEntropyWithLogits, shapes:
    binaryCrossEntropyWithLogits: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    binaryCrossEntropyWithLogits, reduction:
    binaryCrossEntropyWithLogits: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    binaryCrossEntropyWithLogits, an array:
    binaryCrossEntropyWithLogits: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    binaryCrossEntropyWithLogits, weighted, weight:
    binaryCrossEntropyWithLogits: the shapes do not broadcast
      got:   [4, 3] with [4, 3] with [2]: 3 against 2 in dim -1
      needs: sizes that, counted from the last dim, are equal or one of them 1
      fix:   reshape, transpose or unsqueeze one operand so that the dims that belong together line up

    crossEntropy, an array:
    crossEntropy: the input is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    crossEntropy, target:
    crossEntropy: the target is not of labels for the input
      got:   target [4] float32 for input [4, 3]
      needs: labels [4] int32, counted from 0
      fix:   tensor(labels, { dtype: 'int32' }), or target.to('int32')

    crossEntropy, label:
    crossEntropy: a label is out of range
      got:   label 3 (entry 2 of the target) for 3 classes
      needs: labels 0 to 2
      fix:   count the classes from 0, or give the last layer one more output

    crossEntropy, smoothing:
    crossEntropy: labelSmoothing is not a share
      got:   2
      needs: a number from 0 to 1
      fix:   a share in percent is divided by 100 first

    crossEntropy, weight:
    crossEntropy: the weight does not fit the classes
      got:   weight [4, 1] float32 for 3 classes
      needs: [3] of a floating dtype: a factor for each class
      fix:   the classes are dim 1 of the input (dim 0 if it has only one)

    crossEntropy, reduction:
    crossEntropy: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    crossEntropy, whole numbers:
    crossEntropy: not defined for whole numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')

    crossEntropy of probabilities, reduction:
    crossEntropy: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    nllLoss, an array:
    nllLoss: the input is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    nllLoss, target:
    nllLoss: the target is not of labels for the input
      got:   target [1] int32 for input [4, 3]
      needs: labels [4] int32, counted from 0
      fix:   one label for each sample; the classes are dim 1 of the input (dim 0 if it has only one)

    nllLoss, label:
    nllLoss: a label is out of range
      got:   label -1 (entry 2 of the target) for 3 classes
      needs: labels 0 to 2
      fix:   check the number of outputs of the last layer; { ignoreIndex: -1 } leaves such samples out

    nllLoss, reduction:
    nllLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    hingeLoss, shapes:
    hingeLoss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    hingeLoss, reduction:
    hingeLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    hingeLoss, an array:
    hingeLoss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    hingeEmbeddingLoss, shapes:
    hingeEmbeddingLoss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    hingeEmbeddingLoss, reduction:
    hingeEmbeddingLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    hingeEmbeddingLoss, an array:
    hingeEmbeddingLoss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    softMarginLoss, shapes:
    softMarginLoss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    softMarginLoss, reduction:
    softMarginLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    softMarginLoss, an array:
    softMarginLoss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    marginRankingLoss, shapes:
    marginRankingLoss: the shapes differ
      got:   input1 [4, 3], input2 [4, 1], target [4, 3]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    marginRankingLoss, reduction:
    marginRankingLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    marginRankingLoss, an array:
    marginRankingLoss: the input2 is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    cosineEmbeddingLoss, an array:
    cosineEmbeddingLoss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    cosineEmbeddingLoss, shapes:
    cosineEmbeddingLoss: the shapes differ
      got:   input1 [4, 3], input2 [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    cosineEmbeddingLoss, target:
    cosineEmbeddingLoss: the shapes do not fit
      got:   inputs [4, 3], target [4, 3]
      needs: inputs [N, D] with target [N], or inputs [D] with target []
      fix:   give one target for each pair of vectors

    cosineEmbeddingLoss, reduction:
    cosineEmbeddingLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    tripletMarginLoss, shapes:
    tripletMarginLoss: the shapes differ
      got:   anchor [4, 3], positive [4, 1], negative [4, 3]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    tripletMarginLoss, reduction:
    tripletMarginLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    tripletMarginLoss, an array:
    tripletMarginLoss: the positive is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    tripletMarginLoss, margin:
    tripletMarginLoss: no margin
      got:   margin 0
      needs: a number above 0
      fix:   leave it out for 1

    tripletMarginWithDistanceLoss, shapes:
    tripletMarginWithDistanceLoss: the shapes differ
      got:   anchor [4, 3], positive [4, 1], negative [4, 3]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    tripletMarginWithDistanceLoss, reduction:
    tripletMarginWithDistanceLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    tripletMarginWithDistanceLoss, an array:
    tripletMarginWithDistanceLoss: the positive is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    tripletMarginWithDistanceLoss, margin:
    tripletMarginWithDistanceLoss: no margin
      got:   margin NaN
      needs: a number above 0
      fix:   leave it out for 1

    multiMarginLoss, an array:
    multiMarginLoss: the input is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    multiMarginLoss, power:
    multiMarginLoss: no such power
      got:   p 3
      needs: 1 or 2
      fix:   leave it out for 1

    multiMarginLoss, target:
    multiMarginLoss: the target is not of labels for the input
      got:   target [4, 3] float32 for input [4, 3]
      needs: labels [4] int32, counted from 0
      fix:   crossEntropy takes one-hot rows as probabilities: target.to('float32'); labels are their argmax

    multiMarginLoss, label:
    multiMarginLoss: a label is out of range
      got:   label 3 (entry 2 of the target) for 3 classes
      needs: labels 0 to 2
      fix:   count the classes from 0, or give the last layer one more output

    multiMarginLoss, weight:
    multiMarginLoss: the weight does not fit the classes
      got:   weight [4, 1] float32 for 3 classes
      needs: [3] of a floating dtype: a factor for each class
      fix:   the classes are dim 1 of the input (dim 0 if it has only one)

    multiMarginLoss, reduction:
    multiMarginLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    multilabelMarginLoss, an array:
    multilabelMarginLoss: the input is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    multilabelMarginLoss, target:
    multilabelMarginLoss: the target is not of labels for the input
      got:   target [4, 3] float32 for input [4, 3]
      needs: [4, 3] int32: the labels of each sample, then -1
      fix:   multilabelSoftMarginLoss takes 1 for the classes of a sample and 0 for others

    multilabelMarginLoss, label:
    multilabelMarginLoss: an index is out of range
      got:   index 3 of dim 1, which has size 3
      needs: 0 to 2
      fix:   check which dim the indices count, and that they count from 0

    multilabelMarginLoss, rank:
    multilabelMarginLoss: scores without a dim of classes
      got:   input [2, 4, 3]
      needs: [N, C] or [C]
      fix:   the last layer should give one score for each class

    multilabelMarginLoss, reduction:
    multilabelMarginLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    multilabelMarginLoss, whole numbers:
    multilabelMarginLoss: not defined for whole numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')

    multilabelSoftMarginLoss, shapes:
    multilabelSoftMarginLoss: the shapes differ
      got:   input [4, 3], target [4, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose

    multilabelSoftMarginLoss, reduction:
    multilabelSoftMarginLoss: no such reduction
      got:   reduction 'average'
      needs: 'none', 'mean' or 'sum'
      fix:   leave it out for the mean

    multilabelSoftMarginLoss, an array:
    multilabelSoftMarginLoss: the target is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)

    multilabelSoftMarginLoss, rank:
    multilabelSoftMarginLoss: scores without a dim of classes
      got:   input []
      needs: […, C]
      fix:   the last layer should give one score for each class

    ctcLoss, an array:
    ctcLoss: the targets is not a tensor
      got:   an array
      needs: a Tensor
      fix:   wrap data in tensor(…)"
  `);
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof GradtapeError ? error.message : `NOT AN ERROR OF GRADTAPE: ${String(error)}`;
  }
  return 'NO ERROR';
}
