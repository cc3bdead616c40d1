import { describe, expect, test } from 'vitest';
import {
  cosineEmbeddingLoss,
  cosineSimilarity,
  fromArray,
  grad,
  multiMarginLoss,
  normalize,
  pairwiseDistance,
  type Tensor,
  tensor,
  tripletMarginLoss,
  zeros,
} from '../index.ts';
import type { Domain, Draw } from '../tape/primitive.ts';
import { hold } from '../verify/expect-laws.ts';
import { asPrimitive, lawsOfFunctions } from '../verify/function-primitive.ts';

// Functions of vectors: directions, distances, and the losses made of them.

const float64 = { dtype: 'float64' } as const;
const clearOfZero: Domain = { low: 0.3, high: 2 };

describe.each(lawsOfFunctions)('%s', (_, law) => {
  const vectors = (count: number) => (draw: Draw) => {
    const shape = [draw.integer(1, 3), draw.integer(2, 4)];
    return Array.from({ length: count }, () => draw.tensor(shape, clearOfZero));
  };

  test.each([1, 2, 3, Infinity])('normalize with p %d', (p) => {
    const distinct = (draw: Draw) => [draw.tensor([draw.integer(1, 3), 3], { low: 0.3, high: 2, distinct: true })];
    hold(
      law,
      asPrimitive('normalize', (x) => normalize(x, 1, { p }), distinct),
      { runs: 10 },
    );
  });

  test('cosineSimilarity, pairwiseDistance', () => {
    hold(
      law,
      asPrimitive('cosineSimilarity', (a, b) => cosineSimilarity(a, b), vectors(2)),
      { runs: 10 },
    );
    const far = (draw: Draw) => [draw.tensor([2, 3], { low: 1, high: 2 }), draw.tensor([2, 3], { low: -1, high: 0 })];
    hold(
      law,
      asPrimitive('pairwiseDistance', (a, b) => pairwiseDistance(a, b, { p: 3 }), far),
      { runs: 10 },
    );
  });

  test('tripletMarginLoss, clear of its kink', () => {
    const spread = (draw: Draw) => [2, 0, -3].map((low) => draw.tensor([2, 3], { low, high: low + 1 }));
    for (const swap of [false, true]) {
      const loss = (a: Tensor, p: Tensor, n: Tensor): Tensor =>
        tripletMarginLoss(a, p, n, { margin: 20, swap, reduction: 'none' });
      hold(law, asPrimitive('tripletMarginLoss', loss, spread), { runs: 10 });
    }
  });

  test('cosineEmbeddingLoss, clear of its kink', () => {
    const signs = tensor([1, -1]);
    const loss = (a: Tensor, b: Tensor): Tensor =>
      cosineEmbeddingLoss(a, b, signs.to(a.dtype), { margin: -0.5, reduction: 'none' });
    hold(
      law,
      asPrimitive('cosineEmbeddingLoss', loss, (draw) => [
        draw.tensor([2, 3], clearOfZero),
        draw.tensor([2, 3], clearOfZero),
      ]),
      { runs: 10 },
    );
  });

  test('multiMarginLoss, clear of its kinks', () => {
    const labels = tensor([1, 0], { dtype: 'int32' });
    for (const p of [1, 2] as const) {
      const loss = (x: Tensor): Tensor => multiMarginLoss(x, labels, { p, margin: 7, reduction: 'none' });
      hold(
        law,
        asPrimitive('multiMarginLoss', loss, (draw) => [draw.tensor([2, 3])]),
        { runs: 10 },
      );
    }
  });
});

test('normalize divides by the length, along any dim', () => {
  const x = tensor([
    [3, 0],
    [4, 0],
  ]);
  expect(normalize(x, 0).toArray()).toEqual([
    [expect.closeTo(0.6, 6), 0],
    [expect.closeTo(0.8, 6), 0],
  ]);
  expect(normalize(tensor([1, -3]), 0, { p: 1 }).toArray()).toEqual([0.25, -0.75]);
  expect(normalize(tensor([1, -4]), -1, { p: Infinity }).toArray()).toEqual([0.25, -1]);
  expect(normalize(zeros([0, 3])).shape).toEqual([0, 3]);
  const ofShort = grad((y: Tensor) => normalize(y, 0, { eps: 0.5 }).sum());
  expect(ofShort(tensor([0, 0], float64)).toArray()).toEqual([2, 2]);
  expect(ofShort(tensor([0.3, 0], float64)).toArray()).toEqual([2, 2]);
});

test('cosineSimilarity: the cosine, whatever the lengths; 0 for nothing', () => {
  const angle = 0.7;
  const [a, b] = [tensor([[5, 0]], float64), tensor([[2 * Math.cos(angle), 2 * Math.sin(angle)]], float64)];
  expect(cosineSimilarity(a, b).toArray()).toEqual([expect.closeTo(Math.cos(angle), 14)]);
  expect(cosineSimilarity(a.select(0, 0), b.select(0, 0), 0).item()).toBeCloseTo(Math.cos(angle), 14);
  expect(cosineSimilarity(zeros([2, 3]), zeros([2, 3])).toArray()).toEqual([0, 0]);
  const rows = fromArray(
    Float64Array.from({ length: 6 }, (_, i) => i - 2),
    [2, 3],
  );
  expect(cosineSimilarity(rows, tensor([[1, 1, 1]], float64)).shape).toEqual([2]);
});

test('pairwiseDistance', () => {
  const [a, b] = [
    tensor(
      [
        [1, 2],
        [0, 0],
      ],
      float64,
    ),
    tensor(
      [
        [4, 6],
        [0, 0],
      ],
      float64,
    ),
  ];
  expect(pairwiseDistance(a, b, { eps: 0 }).toArray()).toEqual([5, 0]);
  expect(pairwiseDistance(a, b, { p: 1, eps: 0, keepDim: true }).toArray()).toEqual([[7], [0]]);
  expect(pairwiseDistance(a, b).toArray()).toEqual([expect.closeTo(5, 4), expect.closeTo(Math.SQRT2 * 1e-6, 12)]);
});

test('tripletMarginLoss', () => {
  const point = (x: number): Tensor => tensor([[x, 0]], float64);
  const loss = (positive: number, negative: number, swap = false): number =>
    tripletMarginLoss(point(0), point(positive), point(negative), { swap }).item();
  expect(loss(1, 4)).toBe(0);
  expect(loss(3, 1)).toBeCloseTo(3, 5);
  // The negative is nearer to the positive (distance 1) than to the anchor (distance 4).
  expect(loss(3, 4, true)).toBeCloseTo(3, 5);
  expect(loss(3, 4)).toBeCloseTo(0, 5);
  // The negative is nearer to the anchor (distance 1) than to the positive (distance 4): nothing to swap.
  expect(loss(3, -1, true)).toBeCloseTo(3, 5);
});

test('cosineEmbeddingLoss', () => {
  const [a, b] = [
    tensor([
      [1, 0],
      [1, 0],
    ]),
    tensor([
      [1, 1],
      [1, 1],
    ]),
  ];
  const cosine = Math.SQRT1_2;
  const each = (margin: number): unknown =>
    cosineEmbeddingLoss(a, b, tensor([1, -1], { dtype: 'int32' }), { margin, reduction: 'none' }).toArray();
  expect(each(0)).toEqual([expect.closeTo(1 - cosine, 6), expect.closeTo(cosine, 6)]);
  expect(each(0.9)).toEqual([expect.closeTo(1 - cosine, 6), 0]);
  expect(cosineEmbeddingLoss(tensor([1, 0]), tensor([0, 1]), tensor(1)).item()).toBe(1);
});

test('multiMarginLoss', () => {
  const scores = tensor([[0.1, 0.2, 0.4, 0.8]], float64);
  const label = tensor([3], { dtype: 'int32' });
  expect(multiMarginLoss(scores, label).item()).toBeCloseTo((0.3 + 0.4 + 0.6) / 4, 12);
  expect(multiMarginLoss(scores, label, { p: 2 }).item()).toBeCloseTo((0.09 + 0.16 + 0.36) / 4, 12);
  const weight = tensor([9, 9, 9, 2], float64);
  expect(multiMarginLoss(scores.select(0, 0), tensor(3, { dtype: 'int32' }), { weight }).item()).toBeCloseTo(0.65, 12);
  expect(multiMarginLoss(scores, label, { margin: 0 }).item()).toBe(0);
});

test('errors', () => {
  const [x, y] = [zeros([2, 3]), zeros([3, 2])];
  expect(() => cosineSimilarity(x, y)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: cosineSimilarity: the shapes do not broadcast
      got:   [2, 3] with [3, 2]: 2 against 3 in dim -2
      needs: sizes that, counted from the last dim, are equal or one of them 1
      fix:   reshape, transpose or unsqueeze one operand so that the dims that belong together line up]
  `);
  expect(() => tripletMarginLoss(x, x, y)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: tripletMarginLoss: the shapes differ
      got:   anchor [2, 3], positive [2, 3], negative [3, 2]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose]
  `);
  expect(() => cosineEmbeddingLoss(x, x, zeros([3]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: cosineEmbeddingLoss: the shapes do not fit
      got:   inputs [2, 3], target [3]
      needs: inputs [N, D] with target [N], or inputs [D] with target []
      fix:   give one target for each pair of vectors]
  `);
  const labels = tensor([0, 3], { dtype: 'int32' });
  expect(() => multiMarginLoss(x, labels)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: multiMarginLoss: a label is out of range
      got:   label 3 (entry 1 of the target) for 3 classes
      needs: labels 0 to 2
      fix:   count the classes from 0, or give the last layer one more output]
  `);
  expect(() => multiMarginLoss(x, labels, { p: 3 as 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: multiMarginLoss: no such power
      got:   p 3
      needs: 1 or 2
      fix:   leave it out for 1]
  `);
});
