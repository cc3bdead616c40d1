import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batches, expectClose, identity, positives } from '../../arbitraries/test-matrices.ts';
import { compile } from '../../compile/index.ts';
import {
  cholesky,
  choleskyInverse,
  choleskySolve,
  grad,
  inv,
  solve,
  type Tensor,
  tensor,
  tril,
  triu,
  zeros,
} from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';

const squared = (X: Tensor): Tensor => X.matmul(X.transpose(-1, -2)).add(identity(X.shape[X.rank - 1]));

describe('cholesky', () => {
  test('A = L Lᵀ = Uᵀ U, from one triangle', () => {
    fc.assert(
      fc.property(positives, (A) => {
        const L = cholesky(A);
        expectClose(L.matmul(L.transpose(-1, -2)), A);
        expectClose(tril(L), L, 0);
        expectClose(cholesky(tril(A)), L, 0);
        expectClose(cholesky(A, { upper: true }), L.transpose(-1, -2));
        expectClose(cholesky(triu(A), { upper: true }), L.transpose(-1, -2));
      }),
      { numRuns: 30 },
    );
  });

  test('has right gradients where the matrix is made symmetric, to the second order', () => {
    fc.assert(
      fc.property(batches, fc.boolean(), (X, upper) =>
        assertGradients((x) => cholesky(squared(x), { upper }), [X.select(0, 0)], { order: 2 }),
      ),
      { numRuns: 3 },
    );
  });

  test('has a symmetric gradient', () => {
    fc.assert(
      fc.property(positives, fc.boolean(), (A, upper) => {
        const gradient = grad((x: Tensor) => cholesky(x, { upper }).pow(2).sum().add(cholesky(x, { upper }).sum()))(A);
        expectClose(gradient, gradient.transpose(-1, -2));
      }),
      { numRuns: 10 },
    );
  });

  test('of nothing is nothing', () => {
    expect(cholesky(zeros([0, 0])).shape).toEqual([0, 0]);
    expect(cholesky(zeros([0, 2, 2])).shape).toEqual([0, 2, 2]);
  });

  test('compiled gives NaN where a matrix is not positive definite', () => {
    const factor = compile((A: Tensor) => cholesky(A));
    factor(
      tensor([
        [1, 0],
        [0, 1],
      ]),
    );
    expect(
      factor(
        tensor([
          [4, 2],
          [2, 5],
        ]),
      ).toArray(),
    ).toEqual([
      [2, 0],
      [1, 2],
    ]);
    expect(
      factor(
        tensor([
          [1, 2],
          [2, 1],
        ]),
      )
        .toTypedArray()
        .every(Number.isNaN),
    ).toBe(true);
    expect(factor.statistics.runs).toBe(2);
  });

  test('says what does not fit', () => {
    expect(() =>
      cholesky(
        tensor([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: cholesky: the matrix is not positive definite
        got:   A of shape [2, 2]; its leading minor of order 2 is not positive
        needs: a symmetric matrix whose eigenvalues are all positive
        fix:   add a small multiple of the identity: A.add(eye(n).mul(1e-6)); eigvalsh(A) shows how far it is from it]
    `);
    expect(() => cholesky(tensor([[[1]], [[-1]]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: cholesky: the matrix is not positive definite
        got:   A of shape [2, 1, 1]; entry [1] of the batch: its leading minor of order 1 is not positive
        needs: a symmetric matrix whose eigenvalues are all positive
        fix:   add a small multiple of the identity: A.add(eye(n).mul(1e-6)); eigvalsh(A) shows how far it is from it]
    `);
    expect(() => cholesky(tensor([[Number.NaN]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: cholesky: the matrix is not positive definite
        got:   A of shape [1, 1]; its leading minor of order 1 is not positive
        needs: a symmetric matrix whose eigenvalues are all positive
        fix:   add a small multiple of the identity: A.add(eye(n).mul(1e-6)); eigvalsh(A) shows how far it is from it]
    `);
    expect(() => cholesky(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: cholesky: A is not square
        got:   A of shape [2, 3]: 2 rows, 3 columns
        needs: as many rows as columns: […, n, n]
        fix:   check the shape: the last two dims are rows and columns, those before them a batch]
    `);
  });
});

describe('from a factor', () => {
  test('choleskySolve solves, choleskyInverse inverts', () => {
    fc.assert(
      fc.property(positives, fc.boolean(), (A, upper) => {
        const factor = cholesky(A, { upper });
        const B = A.select(0, 0).narrow(2, 0, 1);
        expectClose(choleskySolve(B, factor, { upper }), solve(A, B), 1e-10);
        expectClose(choleskyInverse(factor, { upper }), inv(A), 1e-10);
      }),
      { numRuns: 30 },
    );
  });

  test('both have right gradients, to the second order', () => {
    const L = tensor(
      [
        [2, 7],
        [1, 3],
      ],
      { dtype: 'float64' },
    );
    const B = tensor([[1], [2]], { dtype: 'float64' });
    for (const upper of [false, true]) {
      assertGradients((b, l) => choleskySolve(b, l, { upper }), [B, L], { order: 2 });
      assertGradients((l) => choleskyInverse(l, { upper }), [L], { order: 2 });
    }
  });

  test('say what does not fit', () => {
    expect(() => choleskySolve(zeros([2]), zeros([2, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: choleskySolve: B is not a matrix
        got:   B of shape [2]
        needs: at least two dims: […, rows, columns]
        fix:   make a column of the vector: B.unsqueeze(-1)]
    `);
    expect(() => choleskySolve(zeros([3, 1]), zeros([2, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: choleskySolve: the sizes do not meet
        got:   L of shape [2, 2], B of shape [3, 1]
        needs: as many rows in B as L has: 2
        fix:   check which dims belong together; transpose B if it is the other way round]
    `);
    expect(() => choleskySolve(zeros([2, 1]), zeros([2, 2], { dtype: 'float64' }))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: choleskySolve: the dtypes differ
        got:   float32 and float64
        needs: one dtype
        fix:   convert one operand: x.to('float64')]
    `);
    expect(() => choleskyInverse(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: choleskyInverse: L is not square
        got:   L of shape [2, 3]: 2 rows, 3 columns
        needs: as many rows as columns: […, n, n]
        fix:   check the shape: the last two dims are rows and columns, those before them a batch]
    `);
  });
});
