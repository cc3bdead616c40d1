import { type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Mean, MeanAbsoluteError, MeanSquaredError, R2Score } from './index.ts';

const vector = (entries: readonly number[]): Tensor => tensor([...entries], { dtype: 'float64' });
const number = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 16);
const pairs = fc.array(fc.tuple(number, number), { minLength: 2, maxLength: 20 });
const sum = (entries: readonly number[]): number => entries.reduce((total, entry) => total + entry, 0);

/** Updates with the pairs (prediction, target) in two batches, one of which may be empty. */
function updateWith(
  metric: { update(y: Tensor, t: Tensor): void },
  given: readonly (readonly number[])[],
  cut: number,
) {
  for (const part of [given.slice(0, cut), given.slice(cut)]) {
    metric.update(vector(part.map(([y]) => y)), vector(part.map(([, t]) => t)));
  }
}

test('errors are means over all entries of all batches', () => {
  fc.assert(
    fc.property(pairs, fc.nat(20), (given, cut) => {
      const [squared, root, absolute] = [
        new MeanSquaredError(),
        new MeanSquaredError({ squared: false }),
        new MeanAbsoluteError(),
      ];
      for (const metric of [squared, root, absolute]) updateWith(metric, given, cut);
      const mean = sum(given.map(([y, t]) => (y - t) ** 2)) / given.length;
      expect(squared.compute().item()).toBeCloseTo(mean, 9);
      expect(root.compute().item()).toBeCloseTo(Math.sqrt(mean), 9);
      expect(absolute.compute().item()).toBeCloseTo(sum(given.map(([y, t]) => Math.abs(y - t))) / given.length, 9);
      for (const metric of [squared, root, absolute]) {
        metric.reset();
        expect(metric.compute().item()).toBeNaN();
      }
    }),
  );
});

describe('mean', () => {
  test('weights every entry, by one weight or by its own', () => {
    const mean = new Mean();
    mean.update(tensor([1, 2]), tensor([3, 1]));
    mean.update(tensor([[4, 4]]), 2);
    expect(mean.compute().item()).toBe((1 * 3 + 2 + 4 * 4) / 8);
  });

  test('of small parts is summed in float64', () => {
    const mean = new Mean();
    mean.update(tensor(1), 2 ** 30);
    for (let i = 0; i < 4; i++) mean.update(tensor(2));
    expect(mean.compute().item()).toBe((2 ** 30 + 8) / (2 ** 30 + 4));
  });

  test('refuses weights of another shape', () => {
    expect(() => new Mean().update(tensor([1, 2]), tensor([1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: Mean: weights and values do not belong together
        got:   values [2] float32, weights [1] float32
        needs: one weight, or one for each value
        fix:   give weights the shape of the values: weight.expand(values.shape)]
    `);
  });
});

describe('R²', () => {
  const slow = (given: readonly (readonly number[])[]): number => {
    const mean = sum(given.map(([, t]) => t)) / given.length;
    const [residual, scatter] = [sum(given.map(([y, t]) => (t - y) ** 2)), sum(given.map(([, t]) => (t - mean) ** 2))];
    if (scatter === 0) return residual === 0 ? 1 : 0;
    return 1 - residual / scatter;
  };

  test('is its definition, in whatever batches', () => {
    fc.assert(
      fc.property(pairs, fc.nat(20), (given, cut) => {
        const r2 = new R2Score();
        updateWith(r2, given, cut);
        const expected = slow(given);
        expect(Math.abs(r2.compute().item() - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
      }),
    );
  });

  test('keeps its digits where the mean is large', () => {
    const r2 = new R2Score();
    const given = [0, 1, 2, 3].map((t) => [1e8 + t + 0.5, 1e8 + t]);
    updateWith(r2, given, 2);
    expect(r2.compute().item()).toBeCloseTo(1 - (4 * 0.25) / 5, 12);
  });

  test('of several outputs: the values that scikit-learn documents', () => {
    const [t, y] = [
      tensor(
        [
          [0.5, 1],
          [-1, 1],
          [7, -6],
        ],
        { dtype: 'float64' },
      ),
      tensor(
        [
          [0, 2],
          [-1, 2],
          [8, -5],
        ],
        { dtype: 'float64' },
      ),
    ];
    const compute = (multioutput?: 'uniformAverage' | 'rawValues' | 'varianceWeighted'): Tensor => {
      const r2 = new R2Score({ numOutputs: 2, multioutput });
      r2.update(y, t);
      return r2.compute();
    };
    expect(compute('varianceWeighted').item()).toBeCloseTo(0.938, 3);
    const raw = compute('rawValues').toArray() as number[];
    expect(raw[0]).toBeCloseTo(0.965, 3);
    expect(raw[1]).toBeCloseTo(0.908, 3);
    expect(compute().item()).toBeCloseTo((raw[0] + raw[1]) / 2, 12);
  });

  test('of targets that do not vary is 1 for exact predictions, else 0; of fewer than two samples nothing', () => {
    const compute = (y: number[], t: number[]): number => {
      const r2 = new R2Score();
      r2.update(vector(y), vector(t));
      return r2.compute().item();
    };
    expect(compute([2, 2], [2, 2])).toBe(1);
    expect(compute([2, 3], [2, 2])).toBe(0);
    expect(compute([2], [2])).toBeNaN();
    expect(compute([2], [5])).toBeNaN();
    const none = new R2Score({ multioutput: 'varianceWeighted' });
    none.update(vector([2, 3]), vector([2, 2]));
    expect(none.compute().item()).toBe(0);
    none.reset();
    expect(none.compute().item()).toBeNaN();
  });
});

test('what does not fit is named', () => {
  expect(() => new MeanSquaredError().update(tensor([[1], [2]]), tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: MeanSquaredError: predictions and targets do not belong together
      got:   predictions [2, 1] float32, targets [2] float32
      needs: the same shape
      fix:   of predictions [N, 1] for targets [N] take prediction.squeeze(1)]
  `);
  expect(() => new R2Score().update(tensor([[1, 2]]), tensor([[1, 2]]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: R2Score: not the shape of its outputs
      got:   [1, 2] float64
      needs: [N] or [N, 1]
      fix:   say how many outputs a sample has: new R2Score({ numOutputs })]
  `);
  expect(() => new R2Score({ numOutputs: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: R2Score: an option is out of range
      got:   numOutputs = 0, multioutput = 'uniformAverage'
      needs: a whole number from 1; 'uniformAverage', 'rawValues', 'varianceWeighted'
      fix:   new R2Score() for targets [N]; new R2Score({ numOutputs: k }) for targets [N, k]]
  `);
});
