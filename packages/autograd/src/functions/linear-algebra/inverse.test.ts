import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batches, expectClose, identity } from '../../arbitraries/test-matrices.ts';
import { compile } from '../../compile/index.ts';
import { inv, type Tensor, tensor, zeros } from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';

const singular = tensor([
  [1, 2],
  [2, 4],
]);

describe('inv', () => {
  test('A A⁻¹ = 1', () => {
    fc.assert(
      fc.property(batches, (A) => {
        expectClose(A.matmul(inv(A)), identity(A.shape[3]).expand(A.shape));
        expectClose(inv(A).matmul(A), identity(A.shape[3]).expand(A.shape));
      }),
      { numRuns: 30 },
    );
  });

  test('has right gradients, to the second order', () => {
    fc.assert(
      fc.property(batches, (A) => assertGradients(inv, [A.select(0, 0)], { order: 2 })),
      { numRuns: 3 },
    );
  });

  test('of nothing is nothing', () => {
    expect(inv(zeros([0, 0])).shape).toEqual([0, 0]);
    expect(inv(zeros([0, 3, 3])).shape).toEqual([0, 3, 3]);
  });

  test('compiled gives NaN where a matrix is singular', () => {
    const inverse = compile((A: Tensor) => inv(A));
    inverse(
      tensor([
        [1, 0],
        [0, 1],
      ]),
    );
    expect(
      inverse(
        tensor([
          [2, 0],
          [0, 4],
        ]),
      ).toArray(),
    ).toEqual([
      [0.5, 0],
      [0, 0.25],
    ]);
    expect(inverse(singular).toTypedArray().every(Number.isNaN)).toBe(true);
    expect(inverse.statistics.runs).toBe(2);
  });

  test('says what does not fit', () => {
    expect(() => inv(singular)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: inv: the matrix is singular
        got:   A of shape [2, 2]; pivot 1 of elimination is 0
        needs: rows that are linearly independent
        fix:   look for rows that repeat or add up to each other; add a small multiple of the identity to regularize]
    `);
    expect(() => inv(zeros([3, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: inv: A is not square
        got:   A of shape [3, 2]: 3 rows, 2 columns
        needs: as many rows as columns: […, n, n]
        fix:   check the shape: the last two dims are rows and columns, those before them a batch]
    `);
    expect(() => inv(tensor([1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: inv: A is not a matrix
        got:   A of shape [1]
        needs: at least two dims: […, rows, columns]
        fix:   make a column of the vector: A.unsqueeze(-1)]
    `);
  });
});
