import * as autograd from '@gradtape/autograd';
import { Generator, rand, randn, type Tensor, tensor } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import type { Module } from '../module.ts';
import * as losses from './losses.ts';

const generator = new Generator(0);
const normal = (shape: number[]): Tensor => randn(shape, { dtype: 'float64', generator });
const share = (shape: number[]): Tensor => rand(shape, { dtype: 'float64', generator }).mul(0.8).add(0.1);

const scores = normal([5, 3]);
const numbers = normal([5, 3]);
const shares = share([5, 3]);
const otherShares = share([5, 3]);
const labels = tensor([2, 0, 1, 1, 2], { dtype: 'int32' });
const signs = tensor([1, -1, -1, 1, -1], { dtype: 'int32' });
const vectors = [normal([5, 4]), normal([5, 4]), normal([5, 4])];
const positive = share([5, 3]).add(1);
const severalLabels = tensor(
  [
    [1, 2, -1],
    [0, -1, -1],
    [-1, 0, 1],
    [2, 0, 1],
    [2, -1, 0],
  ],
  { dtype: 'int32' },
);
const logProbs = autograd.logSoftmax(normal([4, 2, 3]), 2);
const [ctcTargets, lengths, ctcLengths] = [
  [2, 0, 2],
  [4, 3],
  [2, 1],
].map((list) => tensor(list, { dtype: 'int32' }));

// biome-ignore format: one case a line
const cases: readonly [Module, inputs: readonly Tensor[], wanted: () => Tensor, printed: string][] = [
  [new losses.L1Loss(), [scores, numbers], () => autograd.l1Loss(scores, numbers), 'L1Loss()'],
  [new losses.MSELoss({ reduction: 'sum' }), [scores, numbers], () => autograd.mseLoss(scores, numbers, { reduction: 'sum' }), "MSELoss({ reduction: 'sum' })"],
  [new losses.HuberLoss({ delta: 0.5 }), [scores, numbers], () => autograd.huberLoss(scores, numbers, { delta: 0.5 }), 'HuberLoss({ delta: 0.5 })'],
  [new losses.SmoothL1Loss({ beta: 0.5 }), [scores, numbers], () => autograd.smoothL1Loss(scores, numbers, { beta: 0.5 }), 'SmoothL1Loss({ beta: 0.5 })'],
  [new losses.CrossEntropyLoss({ labelSmoothing: 0.1 }), [scores, labels], () => autograd.crossEntropy(scores, labels, { labelSmoothing: 0.1 }), 'CrossEntropyLoss({ labelSmoothing: 0.1 })'],
  [new losses.NLLLoss({ ignoreIndex: 1 }), [scores, labels], () => autograd.nllLoss(scores, labels, { ignoreIndex: 1 }), 'NLLLoss({ ignoreIndex: 1 })'],
  [new losses.PoissonNLLLoss(), [scores, positive], () => autograd.poissonNllLoss(scores, positive), 'PoissonNLLLoss()'],
  [new losses.GaussianNLLLoss(), [scores, numbers, positive], () => autograd.gaussianNllLoss(scores, numbers, positive), 'GaussianNLLLoss()'],
  [new losses.KLDivLoss({ reduction: 'batchmean' }), [scores, shares], () => autograd.klDiv(scores, shares, { reduction: 'batchmean' }), "KLDivLoss({ reduction: 'batchmean' })"],
  [new losses.BCELoss(), [shares, otherShares], () => autograd.binaryCrossEntropy(shares, otherShares), 'BCELoss()'],
  [new losses.BCEWithLogitsLoss(), [scores, shares], () => autograd.binaryCrossEntropyWithLogits(scores, shares), 'BCEWithLogitsLoss()'],
  [new losses.HingeEmbeddingLoss({ margin: 0.4 }), [scores.select(1, 0), signs], () => autograd.hingeEmbeddingLoss(scores.select(1, 0), signs, { margin: 0.4 }), 'HingeEmbeddingLoss({ margin: 0.4 })'],
  [new losses.SoftMarginLoss(), [scores.select(1, 0), signs], () => autograd.softMarginLoss(scores.select(1, 0), signs), 'SoftMarginLoss()'],
  [new losses.MultiMarginLoss({ p: 2 }), [scores, labels], () => autograd.multiMarginLoss(scores, labels, { p: 2 }), 'MultiMarginLoss({ p: 2 })'],
  [new losses.MarginRankingLoss({ margin: 0.4 }), [scores.select(1, 0), scores.select(1, 1), signs], () => autograd.marginRankingLoss(scores.select(1, 0), scores.select(1, 1), signs, { margin: 0.4 }), 'MarginRankingLoss({ margin: 0.4 })'],
  [new losses.CosineEmbeddingLoss(), [vectors[0], vectors[1], signs], () => autograd.cosineEmbeddingLoss(vectors[0], vectors[1], signs), 'CosineEmbeddingLoss()'],
  [new losses.TripletMarginLoss({ swap: true }), vectors, () => autograd.tripletMarginLoss(vectors[0], vectors[1], vectors[2], { swap: true }), 'TripletMarginLoss({ swap: true })'],
  [new losses.MultiLabelMarginLoss(), [scores, severalLabels], () => autograd.multilabelMarginLoss(scores, severalLabels), 'MultiLabelMarginLoss()'],
  [new losses.MultiLabelSoftMarginLoss(), [scores, shares], () => autograd.multilabelSoftMarginLoss(scores, shares), 'MultiLabelSoftMarginLoss()'],
  [new losses.TripletMarginWithDistanceLoss({ margin: 3 }), vectors, () => autograd.tripletMarginWithDistanceLoss(vectors[0], vectors[1], vectors[2], { margin: 3 }), 'TripletMarginWithDistanceLoss({ margin: 3 })'],
  [new losses.CTCLoss({ blank: 1 }), [logProbs, ctcTargets, lengths, ctcLengths], () => autograd.ctcLoss(logProbs, ctcTargets, lengths, ctcLengths, { blank: 1 }), 'CTCLoss({ blank: 1 })'],
];

describe('losses as modules', () => {
  it('are all here', () => {
    const tested = new Set<unknown>(cases.map(([loss]) => loss.constructor));
    expect(Object.values(losses).filter((loss) => !tested.has(loss))).toEqual([]);
  });

  it.each(cases.map(([loss, inputs, wanted, printed]) => [printed, loss, inputs, wanted] as const))(
    '%s',
    (printed, loss, inputs, wanted) => {
      expect(loss.forward(...inputs).toTypedArray()).toEqual(wanted().toTypedArray());
      expect(String(loss)).toBe(printed);
      expectGradients(loss, inputs);
    },
  );
});
