import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batches, expectClose } from '../../arbitraries/test-matrices.ts';
import { det, grad, inv, logdet, slogdet, type Tensor, tensor, zeros } from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';

const float64 = (entries: number[][]): Tensor => tensor(entries, { dtype: 'float64' });

describe('determinants', () => {
  test('are products: det(A B) = det A det B', () => {
    fc.assert(
      fc.property(batches, (A) => {
        const B = A.flip(0);
        expectClose(det(A.matmul(B)), det(A).mul(det(B)));
      }),
      { numRuns: 30 },
    );
  });

  test('by their logarithms are the same', () => {
    fc.assert(
      fc.property(batches, (A) => {
        const { sign, logabsdet } = slogdet(A);
        expectClose(sign.mul(logabsdet.exp()), det(A));
        expectClose(logdet(A), det(A).log());
      }),
      { numRuns: 30 },
    );
  });

  test('have right gradients, to the second order', () => {
    fc.assert(
      fc.property(batches, (A) => {
        assertGradients(det, [A.select(0, 0)], { order: 2 });
        assertGradients((x) => slogdet(x).logabsdet, [A.select(0, 0)], { order: 2 });
      }),
      { numRuns: 3 },
    );
    assertGradients(
      logdet,
      [
        float64([
          [2, 1],
          [1, 3],
        ]),
      ],
      { order: 2 },
    );
  });

  test('of singular matrices have the gradients that differences give', () => {
    const ofRank = {
      2: float64([
        [1, 2, 3],
        [4, 5, 6],
        [5, 7, 9],
      ]),
      1: float64([
        [1, 2, 3],
        [2, 4, 6],
        [0, 0, 0],
      ]),
      0: float64([
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ]),
    };
    for (const A of Object.values(ofRank)) assertGradients(det, [A], { order: 2 });
    expectClose(
      grad(det)(ofRank[2]),
      float64([
        [3, -6, 3],
        [3, -6, 3],
        [-3, 6, -3],
      ]),
    );
    expect(grad(det)(ofRank[1]).abs().max().item()).toBe(0);
  });

  test('of singular matrices have sign 0 and logarithm -Infinity', () => {
    const { sign, logabsdet } = slogdet(
      tensor([
        [1, 2],
        [2, 4],
      ]),
    );
    expect([sign.item(), logabsdet.item(), logdet(tensor([[0]])).item()]).toEqual([0, -Infinity, -Infinity]);
  });

  test('that are negative have no logarithm', () => {
    expect(logdet(tensor([[-1]])).item()).toBeNaN();
  });

  test('of matrices without entries are 1', () => {
    const empty = zeros([2, 0, 0]);
    expect(det(empty).toArray()).toEqual([1, 1]);
    expect(slogdet(empty).sign.toArray()).toEqual([1, 1]);
    expect(slogdet(empty).logabsdet.toArray()).toEqual([0, 0]);
    expect(det(zeros([0, 3, 3])).shape).toEqual([0]);
    expect(grad((x: Tensor) => det(x).sum())(empty).shape).toEqual([2, 0, 0]);
  });

  test('that overflow have finite logarithms, and gradients of them', () => {
    const A = float64([
      [1e200, 0],
      [0, -1e200],
    ]);
    expect(det(A).item()).toBe(-Infinity);
    expect(slogdet(A).logabsdet.item()).toBeCloseTo(400 * Math.LN10, 10);
    expectClose(grad((x: Tensor) => slogdet(x).logabsdet)(A), inv(A).t());
  });

  test('pass NaN on', () => {
    const A = float64([
      [Number.NaN, 1],
      [1, 1],
    ]);
    expect([det(A).item(), slogdet(A).logabsdet.item(), slogdet(A).sign.item()]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect(grad(det)(A).toTypedArray().every(Number.isNaN)).toBe(true);
  });

  test('are of square matrices', () => {
    expect(() => det(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: det: A is not square
        got:   A of shape [2, 3]: 2 rows, 3 columns
        needs: as many rows as columns: […, n, n]
        fix:   check the shape: the last two dims are rows and columns, those before them a batch]
    `);
    expect(() => slogdet(zeros([2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: slogdet: A is not a matrix
        got:   A of shape [2]
        needs: at least two dims: […, rows, columns]
        fix:   make a column of the vector: A.unsqueeze(-1)]
    `);
    expect(() => logdet(zeros([1, 1], { dtype: 'int32' }))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: logdet: not defined for whole numbers
        got:   dtype int32
        needs: float32 or float64
        fix:   convert first: x.to('float32')]
    `);
  });
});
