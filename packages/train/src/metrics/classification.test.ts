import { type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Accuracy, ConfusionMatrix, F1Score, Precision, Recall, TopKAccuracy } from './index.ts';

const classes = (labels: readonly number[]): Tensor => tensor([...labels], { dtype: 'int32' });

/** Pairs (answer, target) of three classes, in batches. */
const label = fc.integer({ min: 0, max: 2 });
const batches = fc.array(fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 4,
});
type Pairs = readonly (readonly [answer: number, target: number])[];

function updateWith(metric: { update(a: Tensor, t: Tensor): void }, given: readonly Pairs[]): void {
  for (const pairs of given) metric.update(classes(pairs.map(([a]) => a)), classes(pairs.map(([, t]) => t)));
}

const count = (pairs: Pairs, holds: (answer: number, target: number) => boolean): number =>
  pairs.filter(([answer, target]) => holds(answer, target)).length;

describe('accuracy', () => {
  test('is the share of right answers over all batches, until a reset', () => {
    const accuracy = new Accuracy();
    expect(accuracy.compute().item()).toBeNaN();
    fc.assert(
      fc.property(batches, (given) => {
        accuracy.reset();
        updateWith(accuracy, given);
        const all = given.flat();
        expect(accuracy.compute().item()).toBe(count(all, (a, t) => a === t) / all.length);
      }),
    );
  });

  test('takes scores of all classes, with more dims behind, of one class with a threshold, and leaves out what is ignored', () => {
    const ofPixels = new Accuracy({ ignoreIndex: -100 });
    // [1, 2 classes, 3 pixels]
    ofPixels.update(
      tensor([
        [
          [1, 0, 5],
          [0, 1, 9],
        ],
      ]),
      tensor([[0, 0, -100]], { dtype: 'int32' }),
    );
    expect(ofPixels.compute().item()).toBe(1 / 2);
    const ofLogits = new Accuracy({ threshold: 0 });
    ofLogits.update(tensor([0.2, -0.2, 0]), tensor([true, true, true]));
    expect(ofLogits.compute().item()).toBe(2 / 3);
  });

  test('of shapes that do not belong together is refused', () => {
    const accuracy = new Accuracy();
    expect(() =>
      accuracy.update(tensor([[0.1], [0.2], [0.3]]), tensor([0, 1, 2]).unsqueeze(0)),
    ).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: Accuracy: outputs and targets do not belong together
        got:   outputs [3, 1] float32, targets [1, 3] float32
        needs: scores [N, classes, …] with classes [N, …], or both of the same shape
        fix:   targets are numbers of classes: of one-hot rows take target.argmax(1); of scores [N, 1] take output.squeeze(1)]
    `);
  });
});

describe('top-k accuracy', () => {
  const scores = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }), {
    minLength: 1,
    maxLength: 6,
  });

  test('asks whether the target is among the k largest; with k = 1 it is the accuracy, also among ties', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }), (rows, k, target) => {
        const targets = classes(rows.map(() => target));
        const [first, topK, accuracy] = [new TopKAccuracy(1), new TopKAccuracy(k), new Accuracy()];
        for (const metric of [first, topK, accuracy]) metric.update(tensor(rows), targets);
        expect(first.compute().item()).toBe(accuracy.compute().item());
        // Surely among them if fewer than k others are as large; surely not if k are larger.
        const [surely, atMost] = [
          rows.filter((row) => row.filter((score) => score >= row[target]).length <= k).length,
          rows.filter((row) => row.filter((score) => score > row[target]).length < k).length,
        ];
        const found = topK.compute().item() * rows.length;
        expect(found).toBeGreaterThanOrEqual(surely - 1e-9);
        expect(found).toBeLessThanOrEqual(atMost + 1e-9);
      }),
    );
  });

  test('leaves out what is ignored, and refuses what it cannot take', () => {
    const topK = new TopKAccuracy(2, { ignoreIndex: 9 });
    topK.update(
      tensor([
        [3, 2, 1],
        [1, 2, 3],
      ]),
      classes([1, 9]),
    );
    expect(topK.compute().item()).toBe(1);
    expect(() => new TopKAccuracy(0)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: TopKAccuracy: k is out of range
        got:   k = 0
        needs: a whole number from 1
        fix:   usual is new TopKAccuracy(5)]
    `);
    expect(() => topK.update(tensor([[1], [2]]), classes([0, 0]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: TopKAccuracy: k is out of range
        got:   k = 2 of 1 classes
        needs: at most as many as classes
        fix:   usual is new TopKAccuracy(5)]
    `);
    expect(() => topK.update(tensor([1, 2]), classes([0, 0]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: TopKAccuracy: scores and targets do not belong together
        got:   scores [2] float32, targets [2] int32
        needs: scores [N, classes], targets [N]
        fix:   flatten what is left of other dims into N: scores.movedim(1, -1).flatten(0, -2)]
    `);
  });
});

test('the confusion matrix counts every pair', () => {
  fc.assert(
    fc.property(batches, (given) => {
      const matrix = new ConfusionMatrix({ numClasses: 3 });
      updateWith(matrix, given);
      const expected = [0, 1, 2].map((t) => [0, 1, 2].map((a) => count(given.flat(), (b, u) => a === b && t === u)));
      expect(matrix.compute().toArray()).toEqual(expected);
      matrix.reset();
      expect(matrix.compute().sum().item()).toBe(0);
    }),
  );
});

test('classes that there are not are named', () => {
  const matrix = new ConfusionMatrix({ ignoreIndex: -1 });
  matrix.update(classes([0, 1]), classes([-1, 1]));
  expect(matrix.compute().toArray()).toEqual([
    [0, 0],
    [0, 1],
  ]);
  expect(() => matrix.update(classes([0, 1]), classes([0, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ConfusionMatrix: a target is no class
      got:   target 2
      needs: a whole number from 0 to 1
      fix:   give { numClasses } all classes, { ignoreIndex } the label of what does not count]
  `);
  expect(() => matrix.update(classes([0, -1]), classes([0, 1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ConfusionMatrix: a prediction is no class
      got:   prediction -1
      needs: a whole number from 0 to 1
      fix:   give { numClasses } all classes, { ignoreIndex } the label of what does not count]
  `);
  expect(() => new ConfusionMatrix({ numClasses: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ConfusionMatrix: there are not so many classes
      got:   numClasses = 1
      needs: a whole number from 2
      fix:   count all classes, also those that never occur; leave it out for two]
  `);
});

/** The definitions, class by class: hits, answered, actual. */
const definitions = {
  Precision: [Precision, (hits: number, answered: number, _actual: number) => [hits, answered]],
  Recall: [Recall, (hits: number, _answered: number, actual: number) => [hits, actual]],
  F1Score: [F1Score, (hits: number, answered: number, actual: number) => [2 * hits, answered + actual]],
} as const;

describe.each(Object.entries(definitions))('%s', (_, [Score, define]) => {
  const perClass = (pairs: Pairs, zeroDivision: number) =>
    [0, 1, 2].map((k) => {
      const [above, below] = define(
        count(pairs, (a, t) => a === k && t === k),
        count(pairs, (a) => a === k),
        count(pairs, (_a, t) => t === k),
      ) as [number, number];
      return { above, below, score: below === 0 ? zeroDivision : above / below };
    });
  const compute = (pairs: Pairs, average: 'micro' | 'macro' | 'weighted' | 'none', zeroDivision: number): Tensor => {
    const metric = new Score({ average, numClasses: 3, zeroDivision });
    updateWith(metric, [pairs.slice(0, 3), pairs.slice(3)]);
    return metric.compute();
  };

  test('is its definition for every class, and the averages of that', () => {
    const zeroDivision = fc.constantFrom(0, 1, Number.NaN);
    const pairs = fc.array(fc.tuple(label, label), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(pairs, zeroDivision, (given, zero) => {
        const each = perClass(given, zero);
        const scores = each.map(({ score }) => score);
        expect(compute(given, 'none', zero).toArray()).toEqual(scores);
        const numbers = [0, 1, 2].filter((k) => !Number.isNaN(scores[k]));
        const mean = numbers.reduce((sum, k) => sum + scores[k], 0) / numbers.length;
        expect(compute(given, 'macro', zero).item()).toBeCloseTo(mean, 12);
        const weights = [0, 1, 2].map((k) => count(given, (_a, t) => t === k));
        const total = numbers.reduce((sum, k) => sum + weights[k], 0);
        const weighted = numbers.reduce((sum, k) => sum + scores[k] * weights[k], 0) / total;
        expect(compute(given, 'weighted', zero).item()).toBeCloseTo(total === 0 ? mean : weighted, 12);
        const all = count(given, (a, t) => a === t) / given.length;
        expect(compute(given, 'micro', zero).item()).toBeCloseTo(all, 12);
      }),
    );
  });

  test('of two classes is that of the positive one', () => {
    fc.assert(
      fc.property(fc.constantFrom(0 as const, 1 as const), batches, (positive, given) => {
        const two = given.map((pairs) => pairs.map(([a, t]) => [Math.min(a, 1), Math.min(t, 1)] as const));
        const metric = new Score({ positive });
        updateWith(metric, two);
        expect(metric.compute().item()).toBe(perClass(two.flat(), 0)[positive].score);
        metric.reset();
        expect(metric.compute().item()).toBe(0);
      }),
    );
  });
});

test('the values that scikit-learn documents', () => {
  const given: Pairs = [
    [0, 0],
    [2, 1],
    [1, 2],
    [0, 0],
    [0, 1],
    [1, 2],
  ];
  const scores = [Precision, Recall, F1Score].map((Score) =>
    (['macro', 'micro', 'weighted'] as const).map((average) => {
      const score = new Score({ average, numClasses: 3 });
      updateWith(score, [given]);
      return Number(score.compute().item().toFixed(2));
    }),
  );
  expect(scores).toEqual([
    [0.22, 0.33, 0.22],
    [0.33, 0.33, 0.33],
    [0.27, 0.33, 0.27],
  ]);
});

test('a weighted mean of classes that never occur weights them alike, where the others have no score', () => {
  const precision = new Precision({ average: 'weighted', numClasses: 3, zeroDivision: Number.NaN });
  precision.update(classes([2, 2]), classes([0, 1]));
  expect(precision.compute().item()).toBe(0);
});

test('averages that there are not, or that do not go with the classes, are refused', () => {
  expect(() => new F1Score({ numClasses: 3 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: F1Score: the average does not go with the classes
      got:   no average, numClasses = 3
      needs: average 'micro', 'macro', 'weighted' or 'none' for more than two classes
      fix:   new F1Score({ average: 'macro', numClasses: 3 })]
  `);
  expect(() => new Recall({ average: 'binary', numClasses: 4 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Recall: the average does not go with the classes
      got:   average = 'binary', numClasses = 4
      needs: average 'micro', 'macro', 'weighted' or 'none' for more than two classes
      fix:   new Recall({ average: 'macro', numClasses: 4 })]
  `);
  expect(() => new Precision({ average: 'samples' as 'macro' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Precision: there is no such average
      got:   average = 'samples'
      needs: 'binary', 'micro', 'macro', 'weighted', 'none'
      fix:   'macro' counts every class alike, 'weighted' as often as it occurs]
  `);
});
