import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  gaussianNllLoss,
  grad,
  hingeEmbeddingLoss,
  hingeLoss,
  huberLoss,
  klDiv,
  type LossOptions,
  l1Loss,
  marginRankingLoss,
  mseLoss,
  poissonNllLoss,
  smoothL1Loss,
  softMarginLoss,
  type Tensor,
  tensor,
  zeros,
} from '../../index.ts';
import type { Domain } from '../../tape/primitive.ts';
import { evenly } from '../../verify/evenly.ts';
import { hold } from '../../verify/expect-laws.ts';
import { asPrimitive, lawsOfFunctions } from '../../verify/function-primitive.ts';

/** A loss whose entries depend on one entry of each input. */
interface Pointwise {
  readonly f: (options: LossOptions, ...inputs: Tensor[]) => Tensor;
  /** The loss of one entry, as textbooks have it. */
  readonly definition: (...x: number[]) => number;
  /** Where each input is drawn. */
  readonly domains: readonly Domain[];
  /** How many more inputs there are, which hold 1 and -1 and get no derivative. */
  readonly signs?: number;
}

const reals: Domain = { low: -3, high: 3 };
const probabilities: Domain = { low: 0.02, high: 0.98 };
const positive: Domain = { low: 0.1, high: 4 };
const LOG_TWO_PI = Math.log(2 * Math.PI);
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const huber = (distance: number, delta: number): number =>
  distance < delta ? distance ** 2 / 2 : delta * (distance - delta / 2);

const table: Readonly<Record<string, Pointwise>> = {
  mseLoss: { f: (o, x, t) => mseLoss(x, t, o), definition: (x, t) => (x - t) ** 2, domains: [reals, reals] },
  l1Loss: {
    f: (o, x, t) => l1Loss(x, t, o),
    definition: (x, t) => Math.abs(x - t),
    domains: [
      { low: -3, high: 0 },
      { low: 0, high: 3 },
    ],
  },
  'huberLoss, near': {
    f: (o, x, t) => huberLoss(x, t, { ...o, delta: 7 }),
    definition: (x, t) => huber(Math.abs(x - t), 7),
    domains: [reals, reals],
  },
  'huberLoss, far': {
    f: (o, x, t) => huberLoss(x, t, { ...o, delta: 0.5 }),
    definition: (x, t) => huber(Math.abs(x - t), 0.5),
    domains: [
      { low: -3, high: 0 },
      { low: 0.5, high: 3 },
    ],
  },
  'smoothL1Loss, near': {
    f: (o, x, t) => smoothL1Loss(x, t, { ...o, beta: 7 }),
    definition: (x, t) => huber(Math.abs(x - t), 7) / 7,
    domains: [reals, reals],
  },
  'smoothL1Loss, far': {
    f: (o, x, t) => smoothL1Loss(x, t, { ...o, beta: 0.5 }),
    definition: (x, t) => Math.abs(x - t) - 0.25,
    domains: [
      { low: -3, high: 0 },
      { low: 0.5, high: 3 },
    ],
  },
  'smoothL1Loss, beta 0': {
    f: (o, x, t) => smoothL1Loss(x, t, { ...o, beta: 0 }),
    definition: (x, t) => Math.abs(x - t),
    domains: [
      { low: -3, high: 0 },
      { low: 0, high: 3 },
    ],
  },
  gaussianNllLoss: {
    f: (o, x, t, v) => gaussianNllLoss(x, t, v, { ...o, full: true }),
    definition: (x, t, v) => (Math.log(v) + (x - t) ** 2 / v + LOG_TWO_PI) / 2,
    domains: [reals, reals, positive],
  },
  poissonNllLoss: {
    f: (o, x, t) => poissonNllLoss(x, t, o),
    definition: (x, t) => Math.exp(x) - t * x,
    domains: [reals, positive],
  },
  'poissonNllLoss of rates, full': {
    f: (o, x, t) => poissonNllLoss(x, t, { ...o, logInput: false, full: true }),
    definition: (x, t) =>
      x - t * Math.log(x + 1e-8) + (t > 1 ? t * Math.log(t) - t + (LOG_TWO_PI + Math.log(t)) / 2 : 0),
    domains: [positive, { low: 0.1, high: 4, kinks: [1] }],
  },
  binaryCrossEntropy: {
    f: (o, p, t) => binaryCrossEntropy(p, t, o),
    definition: (p, t) => -(t * Math.log(p) + (1 - t) * Math.log(1 - p)),
    domains: [probabilities, probabilities],
  },
  binaryCrossEntropyWithLogits: {
    f: (o, x, t) => binaryCrossEntropyWithLogits(x, t, o),
    definition: (x, t) => softplus(x) - t * x,
    domains: [reals, probabilities],
  },
  'binaryCrossEntropyWithLogits with weights': {
    f: (o, x, t, w, p) => binaryCrossEntropyWithLogits(x, t, { ...o, weight: w, posWeight: p }),
    definition: (x, t, w, p) => w * (p * t * softplus(-x) + (1 - t) * softplus(x)),
    domains: [reals, probabilities, positive, positive],
  },
  klDiv: {
    f: (o, x, t) => klDiv(x, t, o),
    definition: (x, t) => t * (Math.log(t) - x),
    domains: [reals, probabilities],
  },
  'klDiv of logarithms': {
    f: (o, x, t) => klDiv(x, t, { ...o, logTarget: true }),
    definition: (x, t) => Math.exp(t) * (t - x),
    domains: [reals, reals],
  },
  hingeLoss: {
    f: (o, x, t) => hingeLoss(x, t, { ...o, margin: 0.5 }),
    definition: (x, t) => Math.max(0, 0.5 - t * x),
    domains: [{ low: -3, high: 3, kinks: [-0.5, 0.5] }],
    signs: 1,
  },
  hingeEmbeddingLoss: {
    f: (o, x, t) => hingeEmbeddingLoss(x, t, o),
    definition: (x, t) => (t === 1 ? x : Math.max(0, 1 - x)),
    domains: [{ low: -3, high: 3, kinks: [1] }],
    signs: 1,
  },
  softMarginLoss: {
    f: (o, x, t) => softMarginLoss(x, t, o),
    definition: (x, t) => Math.log(1 + Math.exp(-t * x)),
    domains: [reals],
    signs: 1,
  },
  marginRankingLoss: {
    f: (o, a, b, t) => marginRankingLoss(a, b, t, { ...o, margin: 0.5 }),
    definition: (a, b, t) => Math.max(0, -t * (a - b) + 0.5),
    domains: [
      { low: 0.5, high: 3 },
      { low: -3, high: 0 },
    ],
    signs: 1,
  },
};

/** A loss of differences stays the same where input and target move alike, and yet has derivatives. */
const held = lawsOfFunctions.filter(([name]) => name !== 'whatIsConstantHasNoDerivative');

describe.each(Object.entries(table))('%s', (name, { f, definition, domains, signs = 0 }) => {
  const entries: fc.Arbitrary<number[]> = fc.tuple(
    ...domains.map(({ low, high }) => evenly(low, high)),
    ...new Array<fc.Arbitrary<number>>(signs).fill(fc.constantFrom(1, -1)),
  );

  test('follows its definition, for every reduction', () => {
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1, maxLength: 5 }), (samples) => {
        const inputs = samples[0].map((_, k) =>
          tensor(
            samples.map((sample) => sample[k]),
            { dtype: 'float64' },
          ),
        );
        const expected = samples.map((sample) => definition(...sample));
        const sum = expected.reduce((a, b) => a + b, 0);
        expect(f({ reduction: 'none' }, ...inputs).toArray()).toEqual(expected.map((x) => expect.closeTo(x, 9)));
        expect(f({ reduction: 'sum' }, ...inputs).item()).toBeCloseTo(sum, 8);
        expect(f({}, ...inputs).item()).toBeCloseTo(sum / expected.length, 8);
      }),
    );
  });

  test.each(held)('%s', (_, law) => {
    const primitive = asPrimitive(
      name,
      (...inputs) => {
        const ones = inputs.slice(domains.length);
        return f({ reduction: 'none' }, ...inputs.slice(0, domains.length), ...ones.map(signOf(inputs[0])));
      },
      (draw) => {
        const shape = draw.shape({ maximumRank: 3 });
        const truths = Array.from({ length: signs }, () => draw.truths(shape));
        return [...domains.map((domain) => draw.tensor(shape, domain)), ...truths];
      },
    );
    hold(law, primitive, { runs: 15 });
  });

  test('of no entries: none, 0 and NaN', () => {
    const none = new Array<Tensor>(domains.length + signs).fill(zeros([0, 2]));
    expect(f({ reduction: 'none' }, ...none).shape).toEqual([0, 2]);
    expect(f({ reduction: 'sum' }, ...none).item()).toBe(0);
    expect(f({}, ...none).item()).toBeNaN();
  });

  test('refuses shapes that differ, though they broadcast', () => {
    const others = new Array<Tensor>(domains.length + signs - 1).fill(zeros([3, 1]));
    expect(() => f({}, zeros([3]), ...others)).toThrow('the shapes differ\n  got:   input');
    const reduction = 'average' as 'mean';
    expect(() => f({ reduction }, zeros([3, 1]), ...others)).toThrow("got:   reduction 'average'");
  });
});

/** Truth values as 1 and -1. */
function signOf(like: Tensor): (truths: Tensor) => Tensor {
  return (truths) => truths.to(like.dtype).mul(2).sub(1);
}

function gradientAt(f: (x: Tensor) => Tensor, x: readonly number[]): unknown {
  return grad((y: Tensor) => f(y).sum())(tensor(x, { dtype: 'float64' })).toArray();
}

describe('at kinks and specials', () => {
  const float64 = { dtype: 'float64' } as const;

  test('the absolute error: 0 where equal', () => {
    const zero = tensor([0, 0, 0, 0], float64);
    expect(l1Loss(tensor([0, NaN, -Infinity, 2], float64), zero, { reduction: 'none' }).toArray()).toEqual([
      0,
      NaN,
      Infinity,
      2,
    ]);
    expect(gradientAt((x) => l1Loss(x, zero, { reduction: 'sum' }), [0, -0, -Infinity, 2])).toEqual([0, 0, -1, 1]);
  });

  test('the Huber loss: the two pieces meet in value and slope, and infinities are straight', () => {
    const zero = tensor([0, 0, 0, 0], float64);
    const each = (x: Tensor): Tensor => huberLoss(x, zero, { reduction: 'none', delta: 2 });
    expect(each(tensor([2, -2, Infinity, NaN], float64)).toArray()).toEqual([2, 2, Infinity, NaN]);
    expect(gradientAt(each, [2, -2, Infinity, -Infinity])).toEqual([2, -2, 2, -2]);
  });

  test('binary cross-entropy: certain and right, certain and wrong', () => {
    const t = tensor([0, 1, 1, 0], float64);
    const each = (p: Tensor): Tensor => binaryCrossEntropy(p, t, { reduction: 'none' });
    expect(each(tensor([0, 1, 0, 1], float64)).toArray()).toEqual([0, -0, 100, 100]);
    const [right, alsoRight, low, high] = gradientAt(each, [0, 1, 0, 1]) as number[];
    expect([right, alsoRight]).toEqual([0, 0]);
    expect(low / -1e12).toBeCloseTo(1, 6);
    expect(high / 1e12).toBeCloseTo(1, 6);
  });

  test('binary cross-entropy of scores: neither overflow nor loss of digits', () => {
    const t = tensor([0, 1, 0, 1, 0], float64);
    const each = (x: Tensor): Tensor => binaryCrossEntropyWithLogits(x, t, { reduction: 'none' });
    const values = each(tensor([1000, 1000, -50, 50, 0], float64)).toArray();
    expect(values).toEqual([1000, 0, Math.exp(-50), Math.exp(-50), Math.LN2]);
    const derivatives = gradientAt(each, [1000, 1000, -50, 50, 0]) as number[];
    [1, 0, Math.exp(-50), -Math.exp(-50), 0.5].forEach((expected, i) => {
      expect(Math.abs(derivatives[i] - expected)).toBeLessThanOrEqual(1e-15 * Math.abs(expected));
    });
  });

  test('the divergence: a target of 0 counts as nothing', () => {
    const t = tensor([0, 1], float64);
    const each = (x: Tensor): Tensor => klDiv(x, t, { reduction: 'none' });
    expect(each(tensor([-3, -2], float64)).toArray()).toEqual([0, 2]);
    expect(gradientAt(each, [-3, -2])).toEqual([-0, -1]);
  });

  test('margins: where exactly enough is there', () => {
    const one = tensor([1], float64);
    expect(gradientAt((x) => hingeLoss(x, one), [1])).toEqual([-0]);
    expect(gradientAt((x) => hingeEmbeddingLoss(x, one.neg()), [1])).toEqual([-1]);
    expect(gradientAt((x) => marginRankingLoss(x, one, one), [1])).toEqual([-1]);
    expect(softMarginLoss(tensor([-1000]), tensor([1])).item()).toBe(1000);
  });

  test('the Gaussian loss: variances below eps count as eps, and still have their derivative', () => {
    const [x, t] = [tensor([1], float64), tensor([3], float64)];
    const loss = (v: Tensor): Tensor => gaussianNllLoss(x, t, v, { eps: 0.5 });
    expect(loss(tensor([0], float64)).item()).toBeCloseTo((Math.log(0.5) + 8) / 2, 12);
    expect(gradientAt(loss, [0])).toEqual([expect.closeTo((2 - 16) / 2, 12)]);
  });
});

test('klDiv for a batch: the sum over the number of samples', () => {
  const [x, t] = [
    tensor([
      [-1, -2],
      [-3, -4],
    ]),
    tensor([
      [0.5, 0.5],
      [0.25, 0.75],
    ]),
  ];
  const [batch, sum] = (['batchmean', 'sum'] as const).map((reduction) => klDiv(x, t, { reduction }).item());
  expect(batch).toBeCloseTo(sum / 2, 6);
  expect(() => klDiv(tensor(1), tensor(1), { reduction: 'batchmean' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: klDiv: no batch to take the mean over
      got:   a tensor without dims
      needs: samples along dim 0
      fix:   use reduction 'sum']
  `);
});

test('weights: the mean is divided by their sum, but for the Huber loss', () => {
  const [x, t, weight] = [tensor([1, 2]), tensor([3, 2.5]), tensor([3, 1])];
  for (const [loss, each] of [
    [mseLoss, [4, 0.25]],
    [l1Loss, [2, 0.5]],
    [huberLoss, [1.5, 0.125]],
  ] as const) {
    const weighed = [3 * each[0], each[1]];
    const sum = weighed[0] + weighed[1];
    expect(loss(x, t, { weight, reduction: 'none' }).toArray()).toEqual(weighed);
    expect(loss(x, t, { weight, reduction: 'sum' }).item()).toBe(sum);
    expect(loss(x, t, { weight }).item()).toBe(loss === huberLoss ? sum / 2 : sum / 4);
  }
});

test('gaussianNllLoss takes one variance for each row', () => {
  const [x, t] = [
    tensor([
      [1, 2],
      [3, 4],
    ]),
    tensor([
      [0, 0],
      [1, 1],
    ]),
  ];
  const each = (v: Tensor): unknown => gaussianNllLoss(x, t, v, { reduction: 'none' }).toArray();
  const full = each(
    tensor([
      [1, 1],
      [4, 4],
    ]),
  );
  expect(each(tensor([1, 4]))).toEqual(full);
  expect(each(tensor([[1], [4]]))).toEqual(full);
  expect(gaussianNllLoss(x, t, 4).item()).toBe(gaussianNllLoss(x, t, tensor([4, 4])).item());
  expect(() => gaussianNllLoss(x, t, tensor([1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: gaussianNllLoss: the variance does not fit the input
      got:   variance [3] for input [2, 2]
      needs: [2, 2], [2, 1] or [2]
      fix:   give one variance for each entry, or one for each row]
  `);
  expect(() => gaussianNllLoss(x, t, tensor([1, -2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: gaussianNllLoss: a variance is negative
      got:   a negative entry of variance
      needs: 0 or more
      fix:   let the model give the logarithm of the variance, and pass its exp()]
  `);
});

test('errors', () => {
  const [x, t] = [zeros([3]), zeros([3, 1])];
  expect(() => mseLoss(x, t)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: mseLoss: the shapes differ
      got:   input [3], target [3, 1]
      needs: one shape
      fix:   reshape one of them, for example target.reshape(input.shape), or expand it on purpose]
  `);
  expect(() => huberLoss(x, x, { delta: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: huberLoss: not a distance
      got:   delta 0
      needs: a number above 0
      fix:   use l1Loss]
  `);
  expect(() => smoothL1Loss(x, x, { beta: -1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: smoothL1Loss: not a distance
      got:   beta -1
      needs: 0 or more
      fix:   leave out the sign]
  `);
  expect(() => binaryCrossEntropy(tensor([0.5, 1.5]), tensor([0, 1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: binaryCrossEntropy: the input is not of probabilities
      got:   an entry below 0, above 1, or NaN
      needs: probabilities, from 0 to 1
      fix:   pass scores to binaryCrossEntropyWithLogits, or apply sigmoid first]
  `);
  expect(() => binaryCrossEntropy(tensor([NaN]), tensor([0]))).toThrow('not of probabilities');
});
