import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { broadcastShapes, sameShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { numbersOf } from '../verify/compare.ts';
import { checkGradients } from '../verify/index.ts';
import { broadcastablePairs, matrices, networks, type SmallNetwork, shapes, tensors } from './index.ts';

/** The smallest counterexample of a property that fails. */
function shrunk<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean): T {
  const { counterexample } = fc.check(fc.property(arbitrary, holds), { numRuns: 500, seed: 1 });
  expect(counterexample).not.toBeNull();
  return (counterexample as [T])[0];
}

/** Whether a value comes up. */
const comesUp = <T>(arbitrary: fc.Arbitrary<T>, looked: (value: T) => boolean): boolean =>
  fc.check(
    fc.property(arbitrary, (value) => !looked(value)),
    { numRuns: 500, seed: 1 },
  ).failed;

describe('shapes', () => {
  test('keep to what is asked, and to 200 entries', () => {
    const options = { minimumRank: 1, maximumRank: 3, minimumSize: 1 };
    fc.assert(
      fc.property(shapes(options), (shape) => {
        expect(shape.length).toBeGreaterThanOrEqual(1);
        expect(shape.length).toBeLessThanOrEqual(3);
        expect(Math.min(...shape)).toBeGreaterThanOrEqual(1);
        expect(shape.reduce((a, b) => a * b, 1)).toBeLessThanOrEqual(200);
      }),
    );
  });

  test.each<[string, (shape: readonly number[]) => boolean]>([
    ['no dims', (shape) => shape.length === 0],
    ['a size of zero', (shape) => shape.includes(0)],
    ['a size of one', (shape) => shape.includes(1)],
    ['a large size', (shape) => shape.some((size) => size > 50)],
  ])('%s comes up', (_, looked) => {
    expect(comesUp(shapes(), looked)).toBe(true);
  });

  test('shrink to few dims and small sizes', () => {
    expect(shrunk(shapes(), (shape) => shape.length < 2)).toEqual([1, 1]);
  });
});

describe('tensors', () => {
  test.each(['float32', 'float64', 'int32', 'bool'] as const)(
    'of dtype %s have it, and entries in the range',
    (dtype) => {
      fc.assert(
        fc.property(tensors({ dtype, low: 0, high: 1 }), (x) => {
          expect(x.dtype).toBe(dtype);
          for (const entry of numbersOf(x)) expect(entry >= 0 && entry <= 1).toBe(true);
        }),
      );
    },
  );

  test('of dtype int32 keep to whole numbers inside the range', () => {
    const drawn = fc.sample(tensors({ dtype: 'int32', low: -1.5, high: 2.5 }), { numRuns: 100, seed: 1 });
    expect(new Set(drawn.flatMap(numbersOf))).toEqual(new Set([-1, 0, 1, 2]));
  });

  test('have the shape that is asked, fixed or drawn', () => {
    fc.assert(fc.property(tensors({ shape: [2, 0, 3] }), (x) => sameShape(x.shape, [2, 0, 3])));
    fc.assert(fc.property(tensors({ shape: shapes({ minimumRank: 2, maximumRank: 2 }) }), (x) => x.rank === 2));
  });

  test('are contiguous if that is asked, and otherwise some are not', () => {
    fc.assert(fc.property(tensors({ contiguous: true }), (x) => x.contiguous && x.offset === 0));
    for (const way of [
      (x: Tensor) => !x.contiguous,
      (x: Tensor) => x.length > 1 && x.strides.includes(0),
      (x: Tensor) => x.length > 1 && x.strides.some((step) => step < 0),
      (x: Tensor) => x.offset > 0,
    ]) {
      expect(comesUp(tensors(), way)).toBe(true);
    }
  });

  test('have specials among the entries only if that is asked', () => {
    fc.assert(fc.property(tensors(), (x) => numbersOf(x).every(Number.isFinite)));
    for (const special of [Number.NaN, Infinity, -Infinity, -0, 1e15]) {
      const has = (x: Tensor) => numbersOf(x).some((entry) => Object.is(entry, special));
      expect(comesUp(tensors({ specials: true }), has)).toBe(true);
    }
  });

  test('shrink to few entries in reading order, as low as they go', () => {
    const three = shrunk(tensors({ shape: [3], low: 0, high: 4 }), (x) => numbersOf(x).every((entry) => entry < 2));
    expect(three).toMatchObject({ offset: 0, contiguous: true });
    const [largest, ...others] = [...numbersOf(three)].sort((a, b) => b - a);
    expect(others).toEqual([0, 0]);
    expect(largest).toBeCloseTo(2);
    expect(shrunk(tensors(), (x) => x.length < 2).length).toBeLessThanOrEqual(4);
  });
});

test('the pairs broadcast, in either direction', () => {
  const pairs = broadcastablePairs({ dtype: 'float32' });
  fc.assert(fc.property(pairs, ([a, b]) => broadcastShapes('test', [a.shape, b.shape]).length >= 0));
  const grows = ([a, b]: readonly [Tensor, Tensor]) => b.length > a.length && a.length > 0;
  const lacksDims = ([a, b]: readonly [Tensor, Tensor]) => a.rank > b.rank;
  const both = ([a, b]: readonly [Tensor, Tensor]) => {
    const { length } = broadcastShapes('test', [a.shape, b.shape]).reduce((n, size) => ({ length: n.length * size }), {
      length: 1,
    });
    return length > a.length && length > b.length && a.length > 0;
  };
  for (const looked of [grows, lacksDims, both]) expect(comesUp(pairs, looked)).toBe(true);
});

describe('matrices', () => {
  /** The singular values: columns are turned until they are orthogonal, two by two (Hestenes, 1958). */
  function singularValues(x: Tensor): number[] {
    const [m, n] = x.shape;
    const entries = numbersOf(x);
    const columns = Array.from({ length: n }, (_, j) => Array.from({ length: m }, (_, i) => entries[i * n + j]));
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, entry, i) => sum + entry * b[i], 0);
    for (let sweep = 0; sweep < 30; sweep++) {
      for (let p = 0; p < n; p++) {
        for (let q = p + 1; q < n; q++) {
          const [a, b] = [columns[p], columns[q]];
          const angle = 0.5 * Math.atan2(2 * dot(a, b), dot(a, a) - dot(b, b));
          const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
          columns[p] = a.map((entry, i) => cosine * entry + sine * b[i]);
          columns[q] = b.map((entry, i) => cosine * entry - sine * a[i]);
        }
      }
    }
    return columns.map((column) => Math.sqrt(dot(column, column))).sort((a, b) => b - a);
  }

  test.each([
    [{}, 10],
    [{ condition: 1 }, 1],
    [{ rows: 4, columns: 2, condition: 1000 }, 1000],
    [{ rows: 2, columns: 5, condition: 3 }, 3],
  ])('%o have the condition number that is asked', (options, condition) => {
    fc.assert(
      fc.property(matrices(options), (x) => {
        const count = Math.min(...x.shape);
        const values = singularValues(x).slice(0, count);
        expect(values[0]).toBeCloseTo(1, 9);
        if (count > 1) expect(values[0] / values[count - 1] / condition).toBeCloseTo(1, 6);
      }),
    );
  });

  test('are full, and shrink to a diagonal', () => {
    expect(comesUp(matrices({ rows: 3 }), (x) => numbersOf(x).every((entry) => Math.abs(entry) > 0.01))).toBe(true);
    const found = shrunk(matrices({ rows: 2, condition: 4 }), () => false);
    expect(numbersOf(found)).toEqual([1, 0, 0, 0.25]);
  });

  test('a condition number below 1 is refused', () => {
    expect(() => matrices({ condition: 0.5 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: matrices: no such condition number
        got:   0.5
        needs: 1 or more: it is the largest singular value over the smallest
        fix:   pass 1 for orthogonal matrices]
    `);
  });
});

describe('networks', () => {
  test('have gradients that are right', () => {
    fc.assert(
      fc.property(networks(), ({ loss, inputs }) => checkGradients(loss, inputs).passed),
      { numRuns: 20 },
    );
  });

  test('compute what they say, with activations between the layers and not behind the last', () => {
    const rows = (x: Tensor): number[][] => x.toArray() as number[][];
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, entry, i) => sum + entry * b[i], 0);
    fc.assert(
      fc.property(networks({ activations: ['tanh'], losses: ['mse'] }), ({ widths, loss, inputs }) => {
        const { x, t, ...weights } = inputs;
        let a = rows(x);
        for (let layer = 1; layer < widths.length; layer++) {
          const [W, b] = [rows(weights[`W${layer}`]), weights[`b${layer}`].toArray() as number[]];
          const z = a.map((sample) => W.map((row, unit) => dot(row, sample) + b[unit]));
          a = layer < widths.length - 1 ? z.map((sample) => sample.map(Math.tanh)) : z;
        }
        const errors = rows(t).flatMap((target, i) => target.map((entry, unit) => (a[i][unit] - entry) ** 2));
        const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
        expect(loss(x, t, ...Object.values(weights)).item()).toBeCloseTo(mean, 10);
      }),
    );
  });

  test('keep to what is asked', () => {
    const options = {
      maximumDepth: 1,
      maximumWidth: 2,
      maximumBatch: 2,
      activations: ['gelu'],
      losses: ['mse'],
    } as const;
    fc.assert(
      fc.property(networks(options), ({ widths, activation, lossName, inputs }) => {
        expect(widths).toHaveLength(2);
        expect(Math.max(...widths, inputs.x.shape[0])).toBeLessThanOrEqual(2);
        expect([activation, lossName]).toEqual(['gelu', 'mse']);
        expect(Object.keys(inputs)).toEqual(['x', 't', 'W1', 'b1']);
      }),
    );
  });

  test.each<[string, (network: SmallNetwork) => boolean]>([
    ['three layers', ({ widths }) => widths.length === 4],
    ['cross-entropy of several classes', ({ lossName, widths }) => lossName === 'crossEntropy' && widths[1] > 1],
    ['a kink', ({ activation }) => activation === 'relu'],
  ])('%s come up', (_, looked) => {
    expect(comesUp(networks(), looked)).toBe(true);
  });

  test('shrink, and print themselves', () => {
    const smallest = shrunk(networks({ activations: ['tanh'], losses: ['mse'] }), () => false);
    expect(String(smallest)).toMatchInlineSnapshot(`
      "network 1-1, tanh, mse
      x = tensor([[-2.]], shape=[1, 1], dtype=float64)
      t = tensor([[-2.]], shape=[1, 1], dtype=float64)
      W1 = tensor([[-1.]], shape=[1, 1], dtype=float64)
      b1 = tensor([-1.], shape=[1], dtype=float64)"
    `);
  });
});
