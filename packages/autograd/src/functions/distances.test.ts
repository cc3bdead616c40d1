import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cdist, dist, norm, pdist, randn, renorm, type Tensor, tensor, vjp, zeros } from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { drawTensor, entryAt } from './draw-tensor.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });
const powers = [0, 0.5, 1, 2, 3, Infinity];

describe('cdist', () => {
  test('has the distance of each pair, for every norm and by a product, too', () => {
    const drawn = fc.record({
      a: fc.integer({ min: 0, max: 4 }).chain((m) => drawTensor([2, m, 3])),
      b: fc.integer({ min: 0, max: 4 }).chain((n) => drawTensor([1, n, 3])),
      p: fc.constantFrom(...powers),
    });
    fc.assert(
      fc.property(drawn, ({ a, b, p }) => {
        const got = cdist(a, b, { p });
        expect(got.shape).toEqual([2, a.shape[1], b.shape[1]]);
        for (let k = 0; k < 2; k++) {
          for (let i = 0; i < a.shape[1]; i++) {
            for (let j = 0; j < b.shape[1]; j++) {
              const expected = dist(a.select(0, k).select(0, i), b.select(0, 0).select(0, j), p).item();
              expect(entryAt(got, [k, i, j])).toBeCloseTo(expected, 9);
              if (p !== 2) continue;
              const product = cdist(a, b, { computeMode: 'useMmForEuclidDist' });
              expect(entryAt(product, [k, i, j])).toBeCloseTo(expected, 6);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('has derivatives, zero where two points meet', () => {
    const [a, b] = [
      floats([
        [0.3, 1],
        [2, -1],
      ]),
      floats([
        [1, 2.5],
        [-0.5, 0.2],
        [3, 3],
      ]),
    ];
    for (const p of [1, 1.5, 2, 3, Infinity]) assertGradients((x, y) => cdist(x, y, { p }), [a, b]);
    assertGradients((x, y) => cdist(x, y, { computeMode: 'useMmForEuclidDist' }), [a, b], { order: 2 });
    for (const computeMode of ['useMmForEuclidDist', 'donotUseMmForEuclidDist'] as const) {
      const [, pull] = vjp((x) => cdist(x, a, { computeMode }).sum(), a);
      const [gradient] = pull(floats(1));
      expect(gradient.isnan().any().item()).toBe(0);
    }
  });

  test('takes a product where there are many points, and points without coordinates', () => {
    const many = tensor(Float64Array.from({ length: 60 }, (_, i) => Math.sin(i))).reshape([30, 2]);
    const exact = cdist(many, many, { computeMode: 'donotUseMmForEuclidDist' });
    expect(cdist(many, many).sub(exact).abs().amax().item()).toBeLessThan(1e-6);
    expect(cdist(floats([[], []]), floats([[]])).toArray()).toEqual([[0], [0]]);
  });

  test('says what is wrong', () => {
    const points = floats([[1, 2]]);
    expect(() => cdist(points, floats([[1, 2, 3]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: cdist: not two lists of points of one size
        got:   [1, 2] float64 and [1, 3] float64
        needs: […, m, size] and […, n, size], of one dtype
        fix:   unsqueeze(0) makes a list of a single point]
    `);
    expect(() => cdist(points, floats([1, 2]))).toThrow('not two lists of points');
    expect(() => cdist(points, points, { p: -1 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: cdist: not a norm
        got:   p = -1
        needs: a number from 0, or Infinity
        fix:   p: 2]
    `);
  });
});

test('the derivative of a norm at zero is zero, for every power', () => {
  for (const p of [0, 0.5, 1, 1.5, 2, 3]) {
    const [, pull] = vjp((x) => norm(x, p), floats([0, 2, 0]));
    const [gradient] = pull(floats(1));
    expect(gradient.toArray()).toEqual([0, p === 0 ? 0 : expect.closeTo(1, 12), 0]);
  }
  expect(norm(floats([0, 2]), -1).item()).toBe(0);
  expect(norm(floats([1, 4]), 0.5).item()).toBe(9);
  expect(norm(floats([3, 4]), 'fro').item()).toBe(5);
  expect(() => norm(floats([1]), 'nuc' as 'fro')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: norm: not a norm
      got:   p = nuc
      needs: a number, Infinity, -Infinity, or 'fro' for 2
      fix:   norm(x) is the root of the sum of squares]
  `);
});

test('dist is the norm of the difference, which broadcasts', () => {
  expect(
    dist(
      floats([
        [1, 2],
        [4, 6],
      ]),
      floats([1, 2]),
    ).item(),
  ).toBe(5);
  expect(dist(floats([1, 5]), floats([2, 2]), Infinity).item()).toBe(3);
});

describe('renorm', () => {
  test('scales down parts that are too long, and leaves the others', () => {
    const x = floats([
      [3, 4],
      [0.3, 0.4],
      [0, 0],
    ]);
    const scaled = renorm(x, 2, 0, 1);
    expect(scaled.narrow(0, 1, 2).toArray()).toEqual([
      [0.3, 0.4],
      [0, 0],
    ]);
    expect(scaled.select(0, 0).norm().item()).toBeCloseTo(1, 6);
    expect(renorm(x, 1, -1, 2).norm(1, 0).toArray()).toEqual([expect.closeTo(2, 6), expect.closeTo(2, 6)]);
    assertGradients(
      (y) => renorm(y, 2, 0, 1),
      [
        floats([
          [3, 4],
          [0.3, 0.4],
        ]),
      ],
    );
  });

  test('says what is wrong', () => {
    expect(() => renorm(floats([1]), 2, 0, 1)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: renorm: not parts and a norm
        got:   p = 2, maxnorm 1, for shape [1]
        needs: at least two dims, a positive p, and a maxnorm from 0
        fix:   renorm(x, 2, 0, 1) keeps the rows of a matrix within the unit circle]
    `);
    expect(() => renorm(floats([[1]]), 0, 0, 1)).toThrow('p = 0');
    expect(() => renorm(floats([[1]]), 2, 0, -1)).toThrow('maxnorm -1');
  });
});

describe('pdist', () => {
  test('is the upper triangle of cdist', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(3), fc.constantFrom(0, 1, 2, 3, Infinity), (count, size, p) => {
        const x = randn([count, size], { dtype: 'float64' });
        const all = cdist(x, x, { p, computeMode: 'donotUseMmForEuclidDist' });
        const later = (all.toArray() as number[][]).flatMap((row, i) => row.slice(i + 1));
        expect(pdist(x, p).toArray()).toEqual(later);
      }),
    );
  });

  test('needs a list of points', () => {
    expect(() => pdist(zeros([3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: pdist: not a list of points and a norm
        got:   shape [3], p = 2
        needs: [n, size], and a number from 0, or Infinity
        fix:   for the lists of a batch, or for two lists: cdist]
    `);
    expect(() => pdist(zeros([3, 2]), -1)).toThrow('p = -1');
  });
});
