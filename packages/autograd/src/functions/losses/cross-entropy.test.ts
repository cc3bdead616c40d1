import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CrossEntropyOptions,
  crossEntropy,
  fromArray,
  grad,
  hessian,
  logSoftmax,
  nllLoss,
  softmax,
  type Tensor,
  tensor,
  zeros,
} from '../../index.ts';
import type { Draw } from '../../tape/primitive.ts';
import { evenly } from '../../verify/evenly.ts';
import { hold } from '../../verify/expect-laws.ts';
import { asPrimitive, lawsOfFunctions } from '../../verify/function-primitive.ts';

function labelsOf(labels: readonly number[]): Tensor {
  return tensor(labels, { dtype: 'int32' });
}

interface Problem {
  readonly scores: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly weights: readonly number[] | undefined;
  readonly smoothing: number;
}

const IGNORED = 1;

const problems: fc.Arbitrary<Problem> = fc
  .record({ n: fc.integer({ min: 1, max: 4 }), classes: fc.integer({ min: 2, max: 4 }) })
  .chain(({ n, classes }) => {
    const row = <T>(entry: fc.Arbitrary<T>, length: number) =>
      fc.array(entry, { minLength: length, maxLength: length });
    return fc.record({
      scores: row(row(evenly(-20, 20), classes), n),
      labels: row(fc.integer({ min: 0, max: classes - 1 }), n),
      weights: fc.option(row(evenly(0.1, 3), classes), { nil: undefined }),
      smoothing: fc.constantFrom(0, 0.3),
    });
  });

/** Each sample's loss and weight, from the definition. */
function definition({ scores, labels, weights, smoothing }: Problem): { losses: number[]; total: number } {
  const weightOf = (c: number): number => weights?.[c] ?? 1;
  const losses = scores.map((row, i) => {
    if (labels[i] === IGNORED) return 0;
    const minusLogs = row.map((score) => Math.log(row.reduce((sum, other) => sum + Math.exp(other - score), 0)));
    const spread = minusLogs.reduce((sum, loss, c) => sum + weightOf(c) * loss, 0) / row.length;
    return (1 - smoothing) * weightOf(labels[i]) * minusLogs[labels[i]] + smoothing * spread;
  });
  const total = labels.reduce((sum, label) => sum + (label === IGNORED ? 0 : weightOf(label)), 0);
  return { losses, total };
}

test('the definition, for every reduction', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const { losses, total } = definition(problem);
      const sum = losses.reduce((a, b) => a + b, 0);
      const float64 = { dtype: 'float64' } as const;
      const compute = (reduction: 'none' | 'mean' | 'sum'): Tensor =>
        crossEntropy(tensor(problem.scores, float64), labelsOf(problem.labels), {
          weight: problem.weights ? tensor(problem.weights, float64) : null,
          ignoreIndex: IGNORED,
          labelSmoothing: problem.smoothing,
          reduction,
        });
      expect(compute('none').toArray()).toEqual(losses.map((loss) => expect.closeTo(loss, 10)));
      expect(compute('sum').item()).toBeCloseTo(sum, 9);
      if (total > 0) expect(compute('mean').item()).toBeCloseTo(sum / total, 9);
      else expect(compute('mean').item()).toBeNaN();
    }),
  );
});

test('smoothed labels are probabilities', () => {
  const scores = tensor(
    [
      [1, 2, -1],
      [0, 0.5, 3],
    ],
    { dtype: 'float64' },
  );
  const even = 0.3 / 3;
  const probabilities = tensor(
    [
      [even, even, 0.7 + even],
      [0.7 + even, even, even],
    ],
    { dtype: 'float64' },
  );
  for (const reduction of ['mean', 'sum'] as const) {
    const smoothed = crossEntropy(scores, labelsOf([2, 0]), { labelSmoothing: 0.3, reduction });
    expect(smoothed.item()).toBeCloseTo(crossEntropy(scores, probabilities, { reduction }).item(), 12);
    const oneHot = tensor([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(crossEntropy(scores, oneHot, { labelSmoothing: 0.3, reduction }).item()).toBeCloseTo(smoothed.item(), 7);
  }
});

test('the derivative is probabilities less one-hot labels, over the number of samples', () => {
  const scores = tensor(
    [
      [1, 2, 3],
      [0, 0, 0],
    ],
    { dtype: 'float64' },
  );
  const gradient = grad((x: Tensor) => crossEntropy(x, labelsOf([2, 1])))(scores);
  const expected = softmax(scores, 1)
    .sub(
      tensor([
        [0, 0, 1],
        [0, 1, 0],
      ]),
    )
    .div(2);
  expect(gradient.toArray()).toEqual(expected.toArray());
  const p = [...softmax(scores.select(0, 0), 0).toTypedArray()];
  const curvature = hessian((x: Tensor) => crossEntropy(x, labelsOf([0])))(scores.narrow(0, 0, 1));
  expect(curvature.reshape([3, 3]).toArray()).toEqual(
    p.map((a, i) => p.map((b, j) => expect.closeTo((i === j ? a : 0) - a * b, 14))),
  );
});

describe.each(lawsOfFunctions)('%s', (_, law) => {
  /** Scores with two to four classes along dim 1, and labels for them. */
  const labelled = (draw: Draw): readonly [Tensor, Tensor] => {
    const [n, classes] = [draw.integer(0, 3), draw.integer(2, 4)];
    const more = draw.integer(0, 1) === 0 ? [] : [2];
    return [draw.tensor([n, classes, ...more]), draw.indices([n, ...more], classes)];
  };
  test.each<CrossEntropyOptions>([
    { reduction: 'none' },
    { reduction: 'sum' },
    { reduction: 'none', ignoreIndex: 1 },
    { reduction: 'sum', labelSmoothing: 0.2 },
  ])('crossEntropy of labels %o', (options) => {
    hold(
      law,
      asPrimitive('crossEntropy', (x, t) => crossEntropy(x, t, options), labelled),
      { runs: 15 },
    );
  });

  test('its mean, with weights', () => {
    const weighted = (x: Tensor, t: Tensor): Tensor =>
      crossEntropy(x, t, { weight: tensor([0.5, 2, 1], { dtype: x.dtype }) });
    const sample = (draw: Draw): readonly Tensor[] => [draw.tensor([2, 3]), draw.indices([2], 3)];
    hold(law, asPrimitive('crossEntropy', weighted, sample), { runs: 15 });
  });

  test('crossEntropy of probabilities, by scores and probabilities', () => {
    const sample = (draw: Draw): readonly Tensor[] => {
      const shape = [draw.integer(1, 3), draw.integer(1, 4)];
      return [draw.tensor(shape), draw.tensor(shape, { low: 0, high: 1 })];
    };
    hold(
      law,
      asPrimitive('crossEntropy', (x, t) => crossEntropy(x, t, { labelSmoothing: 0.1 }), sample),
      { runs: 15 },
    );
  });

  test('nllLoss', () => {
    hold(
      law,
      asPrimitive('nllLoss', (x, t) => nllLoss(x, t, { reduction: 'none', ignoreIndex: 0 }), labelled),
      {
        runs: 15,
      },
    );
  });
});

test('is nllLoss of logSoftmax', () => {
  const scores = fromArray(
    Float64Array.from({ length: 24 }, (_, i) => 5 * Math.sin(i)),
    [2, 3, 4],
  );
  const labels = tensor(
    [
      [0, 1, 2, 0],
      [-100, 2, 1, 1],
    ],
    { dtype: 'int32' },
  );
  for (const reduction of ['none', 'mean', 'sum'] as const) {
    const options = { reduction, weight: tensor([1, 0.5, 2], { dtype: 'float64' }) };
    const expected = [...nllLoss(logSoftmax(scores, 1), labels, options).toTypedArray()];
    expect([...crossEntropy(scores, labels, options).toTypedArray()]).toEqual(
      expected.map((x) => expect.closeTo(x, 12)),
    );
  }
});

test('scores of any size, and ignored samples of any kind', () => {
  const large = tensor([
    [1e4, 0],
    [-1e30, 1e30],
  ]);
  expect(crossEntropy(large, labelsOf([1, 1]), { reduction: 'none' }).toArray()).toEqual([1e4, 0]);
  const broken = tensor([
    [NaN, Infinity],
    [0, 0],
  ]);
  expect(crossEntropy(broken, labelsOf([-100, 0])).item()).toBeCloseTo(Math.LN2, 6);
  const none = grad((x: Tensor) => crossEntropy(x, labelsOf([-100, -100])))(zeros([2, 2]));
  expect(none.toArray()).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test('one sample without a dim for samples, and labels that lie anyhow in memory', () => {
  const scores = tensor([1, 2, 3]);
  expect(crossEntropy(scores, tensor(2, { dtype: 'int32' })).item()).toBeCloseTo(0.407606, 6);
  expect(crossEntropy(scores, tensor([0, 0, 1])).item()).toBeCloseTo(0.407606, 6);
  const both = tensor(
    [
      [0, 9],
      [2, 9],
    ],
    { dtype: 'int32' },
  );
  const rows = tensor([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(crossEntropy(rows, both.select(1, 0), { reduction: 'none' }).toArray()).toEqual([
    expect.closeTo(2.407606, 5),
    expect.closeTo(0.407606, 5),
  ]);
});

describe('errors', () => {
  const scores = zeros([4, 3]);
  const labels = labelsOf([0, 1, 2, 0]);

  test('labels out of range', () => {
    expect(() => crossEntropy(scores, labelsOf([0, 1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: a label is out of range
        got:   label 3 (entry 3 of the target) for 3 classes
        needs: labels 0 to 2
        fix:   count the classes from 0, or give the last layer one more output]
    `);
    expect(() => nllLoss(scores, labelsOf([0, -1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: nllLoss: a label is out of range
        got:   label -1 (entry 1 of the target) for 3 classes
        needs: labels 0 to 2
        fix:   check the number of outputs of the last layer; { ignoreIndex: -1 } leaves such samples out]
    `);
  });

  test('targets that are not of labels', () => {
    expect(() => crossEntropy(scores, tensor([0, 1, 2, 0]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: the target is not of labels for the input
        got:   target [4] float32 for input [4, 3]
        needs: labels [4] int32, counted from 0
        fix:   tensor(labels, { dtype: 'int32' }), or target.to('int32')]
    `);
    const column = tensor([[0], [1], [2], [0]], { dtype: 'int32' });
    expect(() => crossEntropy(scores, column)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: the target is not of labels for the input
        got:   target [4, 1] int32 for input [4, 3]
        needs: labels [4] int32, counted from 0
        fix:   drop the dim of size one: target.reshape([4])]
    `);
    const oneHot = zeros([4, 3], { dtype: 'int32' });
    expect(() => crossEntropy(scores, oneHot)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: the target is not of labels for the input
        got:   target [4, 3] int32 for input [4, 3]
        needs: labels [4] int32, counted from 0
        fix:   crossEntropy takes one-hot rows as probabilities: target.to('float32'); labels are their argmax]
    `);
    expect(() => crossEntropy(scores, labelsOf([0, 1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: the target is not of labels for the input
        got:   target [2] int32 for input [4, 3]
        needs: labels [4] int32, counted from 0
        fix:   one label for each sample; the classes are dim 1 of the input (dim 0 if it has only one)]
    `);
    const classesLast = zeros([2, 5, 3]);
    expect(() => crossEntropy(classesLast, zeros([2, 5], { dtype: 'int32' }))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: the target is not of labels for the input
        got:   target [2, 5] int32 for input [2, 5, 3]
        needs: labels [2, 3] int32, counted from 0
        fix:   the classes are dim 1 of the input: if they are its last, pass input.movedim(-1, 1)]
    `);
  });

  test('scores without classes', () => {
    expect(() => crossEntropy(tensor(1), tensor(0, { dtype: 'int32' }))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: scores without a dim of classes
        got:   an input without dims
        needs: an input [N, C], [N, C, …] or [C]
        fix:   the last layer should give one score for each class]
    `);
    expect(() => crossEntropy(zeros([4, 3], { dtype: 'int32' }), labels)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: not defined for whole numbers
        got:   dtype int32
        needs: float32 or float64
        fix:   convert first: x.to('float32')]
    `);
  });

  test('options', () => {
    expect(() => crossEntropy(scores, labels, { weight: tensor([1, 2]) })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: the weight does not fit the classes
        got:   weight [2] float32 for 3 classes
        needs: [3] of a floating dtype: a factor for each class
        fix:   the classes are dim 1 of the input (dim 0 if it has only one)]
    `);
    expect(() => crossEntropy(scores, labels, { labelSmoothing: 10 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: labelSmoothing is not a share
        got:   10
        needs: a number from 0 to 1
        fix:   a share in percent is divided by 100 first]
    `);
    const reduction = 'average' as 'mean';
    expect(() => crossEntropy(scores, labels, { reduction })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: no such reduction
        got:   reduction 'average'
        needs: 'none', 'mean' or 'sum'
        fix:   leave it out for the mean]
    `);
    expect(() => crossEntropy(scores, scores, { reduction })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: crossEntropy: no such reduction
        got:   reduction 'average'
        needs: 'none', 'mean' or 'sum'
        fix:   leave it out for the mean]
    `);
  });
});
