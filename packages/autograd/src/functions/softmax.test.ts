import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromArray, grad, logSoftmax, softmax, softmin, type Tensor, tensor, zeros } from '../index.ts';
import type { Draw } from '../tape/primitive.ts';
import { evenly } from '../verify/evenly.ts';
import { hold } from '../verify/expect-laws.ts';
import { asPrimitive, lawsOfFunctions } from '../verify/function-primitive.ts';

const inLastDim = { softmax, logSoftmax, softmin };

describe.each(Object.entries(inLastDim))('%s', (name, f) => {
  describe.each(lawsOfFunctions)('%s', (_, law) => {
    test('along any dim', () => {
      for (const dim of [0, 1, -1]) {
        const sample = (draw: Draw): Tensor[] => [draw.tensor(draw.shape({ minimumRank: 2, maximumRank: 3 }))];
        hold(
          law,
          asPrimitive(name, (x) => f(x, dim), sample),
          { runs: 15 },
        );
      }
    });
  });

  test('without entries, and without dims', () => {
    expect(f(zeros([0, 3]), 1).shape).toEqual([0, 3]);
    expect(f(zeros([3, 0]), 1).shape).toEqual([3, 0]);
    expect(f(tensor(7), 0).item()).toBe(name === 'logSoftmax' ? 0 : 1);
    expect(f(tensor(7), -1).shape).toEqual([]);
  });

  test('converts first if asked to', () => {
    const whole = tensor([1, 2], { dtype: 'int32' });
    expect(f(whole, 0, { dtype: 'float64' }).dtype).toBe('float64');
    expect(f(tensor([1, 2]), 0, { dtype: 'float64' }).dtype).toBe('float64');
  });
});

const rows = fc
  .constantFrom(3, 50, 1000)
  .chain((size) => fc.array(evenly(-size, size), { minLength: 1, maxLength: 6 }));

test('probabilities are ratios of exponentials, and their logarithms the logarithms of those', () => {
  fc.assert(
    fc.property(rows, (row) => {
      const x = tensor(row, { dtype: 'float64' });
      const p = softmax(x, 0).toTypedArray();
      const logarithms = logSoftmax(x, 0).toTypedArray();
      row.forEach((entry, i) => {
        // 1 / pᵢ = Σⱼ e^(xⱼ - xᵢ): another way to the same number, which may be infinite.
        const inverse = row.reduce((sum, other) => sum + Math.exp(other - entry), 0);
        expect(p[i]).toBeCloseTo(1 / inverse, 12);
        if (Number.isFinite(inverse)) expect(logarithms[i]).toBeCloseTo(-Math.log(inverse), 10);
        expect(logarithms[i]).toBeLessThanOrEqual(0);
        expect(logarithms[i]).toBeGreaterThanOrEqual(Math.min(...row) - Math.max(...row) - Math.log(row.length) - 1e-9);
      });
    }),
  );
});

test('a constant that is added changes nothing, and has no derivative', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: -(2 ** 20), max: 2 ** 20 }), (row, shift) => {
      const whole = row.map(Math.round);
      const at = (offset: number): number[] => [
        ...softmax(
          tensor(
            whole.map((x) => x + offset),
            { dtype: 'float64' },
          ),
          0,
        ).toTypedArray(),
      ];
      expect(at(shift)).toEqual(at(0));
    }),
  );
  const gradient = grad((x: Tensor) =>
    logSoftmax(x, 0)
      .mul(tensor([1, -2, 5]))
      .sum(),
  )(tensor([0.3, 2, -1]));
  expect(gradient.sum().item()).toBeCloseTo(0, 5);
});

test('large numbers neither overflow nor lose the small ones', () => {
  const x = tensor([1e30, -1e30, 1e30]);
  expect(softmax(x, 0).toArray()).toEqual([0.5, 0, 0.5]);
  expect(logSoftmax(tensor([0, -200, -1e30]), 0).toArray()).toEqual([0, -200, Math.fround(-1e30)]);
  expect(logSoftmax(tensor([3e7, 3e7 + 2]), 0).toArray()).toEqual(
    [-2, 0].map((d) => expect.closeTo(d - Math.log(1 + Math.exp(-2)), 6)),
  );
});

test('specials as PyTorch has them', () => {
  const masked = tensor([0, -Infinity, 0]);
  expect(softmax(masked, 0).toArray()).toEqual([0.5, 0, 0.5]);
  expect(logSoftmax(masked, 0).toArray()).toEqual([Math.fround(-Math.LN2), -Infinity, Math.fround(-Math.LN2)]);
  expect(grad((x: Tensor) => logSoftmax(x, 0).select(0, 0))(masked).toArray()).toEqual([0.5, 0, -0.5]);
  expect(softmax(tensor([-Infinity, -Infinity]), 0).toArray()).toEqual([NaN, NaN]);
  expect(logSoftmax(tensor([-Infinity, -Infinity]), 0).toArray()).toEqual([NaN, NaN]);
  expect(softmax(tensor([Infinity, 0]), 0).toArray()).toEqual([NaN, NaN]);
  expect(
    softmax(
      tensor([
        [NaN, 0],
        [0, 0],
      ]),
      1,
    ).toArray(),
  ).toEqual([
    [NaN, NaN],
    [0.5, 0.5],
  ]);
  expect(softmin(tensor([Infinity, 1, 1]), 0).toArray()).toEqual([0, 0.5, 0.5]);
});

test('a dim that lies anyhow in memory', () => {
  const x = fromArray(
    Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [2, 3, 4],
  );
  const turned = x.permute([2, 0, 1]);
  expect(softmax(turned, 2).toArray()).toEqual(softmax(x, 1).permute([2, 0, 1]).toArray());
});

test('methods', () => {
  const x = tensor([[0, Math.log(3)]]);
  expect(x.softmax(1).toArray()).toEqual([[expect.closeTo(0.25, 6), expect.closeTo(0.75, 6)]]);
  expect(x.logSoftmax(-1).toArray()).toEqual([[expect.closeTo(Math.log(0.25), 6), expect.closeTo(Math.log(0.75), 6)]]);
});

test('errors', () => {
  expect(() => softmax(tensor([1, 2], { dtype: 'int32' }), 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: softmax: not defined for whole numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')]
  `);
  expect(() => logSoftmax(tensor([1, 2]), 1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: logSoftmax: dim out of range
      got:   dim 1 for a tensor of 1 dims
      needs: a whole number from -1 to 0
      fix:   count dims from 0, or from the end with -1; print x.shape to see them]
  `);
});
