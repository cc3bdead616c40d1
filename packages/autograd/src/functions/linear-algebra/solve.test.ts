import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batches, expectClose, identity } from '../../arbitraries/test-matrices.ts';
import { compile } from '../../compile/index.ts';
import { manualSeed, randn, solve, type Tensor, tensor, zeros } from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';

const regular = tensor([
  [2, 1],
  [1, 3],
]);
const singular = tensor([
  [1, 2],
  [2, 4],
]);

describe('solve', () => {
  test('A X = B, for matrices and vectors, with A on the left or the right', () => {
    fc.assert(
      fc.property(batches, (A) => {
        const n = A.shape[3];
        const B = A.narrow(0, 0, 1).add(1);
        expectClose(A.matmul(solve(A, B)), B.expand([2, 3, n, n]));
        expectClose(solve(A, B, { left: false }).matmul(A), B.expand([2, 3, n, n]));
        const vectors = A.select(-1, 0).add(1);
        expectClose(A.matmul(solve(A, vectors).unsqueeze(-1)).squeeze(-1), vectors);
        const one = vectors.select(0, 0).select(0, 0);
        expectClose(A.matmul(solve(A, one).unsqueeze(-1)).squeeze(-1), one.expand([2, 3, n]));
      }),
      { numRuns: 30 },
    );
  });

  test('a broadcast matrix gives what copies of it give', () => {
    manualSeed(1);
    const [A, B] = [randn([3, 3], { dtype: 'float64' }), randn([4, 3, 2], { dtype: 'float64' })];
    expectClose(solve(A.expand([4, 3, 3]), B), solve(A.add(zeros([4, 1, 1], { dtype: 'float64' })), B), 0);
    expectClose(
      solve(B.matmul(B.transpose(-1, -2)).add(identity(3)), identity(3)),
      solve(B.matmul(B.transpose(-1, -2)).add(identity(3)), identity(3).expand([4, 3, 3])),
      0,
    );
  });

  test('has right gradients, to the second order', () => {
    fc.assert(
      fc.property(batches, (A) => {
        const b = A.select(0, 0);
        assertGradients((x, y) => solve(x, y), [b, b.narrow(2, 0, 1)], { order: 2 });
        assertGradients((x, y) => solve(x, y, { left: false }), [b, b.narrow(0, 0, 1)]);
      }),
      { numRuns: 3 },
    );
    assertGradients((A, b) => solve(A, b), [regular, tensor([1, 2])], { order: 2 });
  });

  test('of nothing is nothing', () => {
    expect(solve(zeros([0, 0]), zeros([0, 2])).shape).toEqual([0, 2]);
    expect(solve(zeros([2, 0, 3, 3]), zeros([3, 1])).shape).toEqual([2, 0, 3, 1]);
    expect(solve(regular, zeros([2, 0])).shape).toEqual([2, 0]);
    expect(solve(zeros([0, 0]), zeros([0])).shape).toEqual([0]);
  });

  test('in float32 is the float64 solution, rounded', () => {
    const [A, b] = [
      tensor([
        [3, 1],
        [1, 7],
      ]),
      tensor([1, 2]),
    ];
    const exact = solve(A.to('float64'), b.to('float64'));
    expect(solve(A, b).toArray()).toEqual(exact.to('float32').toArray());
    expect(solve(A, b).dtype).toBe('float32');
  });

  test('solves 256 equations to some roundings', () => {
    manualSeed(3);
    const A = randn([256, 256], { dtype: 'float64' });
    const b = randn([256], { dtype: 'float64' });
    const x = solve(A, b);
    expect(A.matmul(x).sub(b).abs().max().item()).toBeLessThan(1e-12 * x.abs().max().item());
  });

  test('passes NaN on', () => {
    expect(solve(tensor([[Number.NaN]]), tensor([1])).item()).toBeNaN();
  });

  test('compiled gives NaN where a matrix is singular', () => {
    const solved = compile((A: Tensor, B: Tensor) => solve(A, B));
    const batch = tensor([regular.toArray(), singular.toArray()]);
    const B = tensor([[4], [7]]);
    solved(batch.mul(0), B);
    const expected = [
      [[1], [2]],
      [[Number.NaN], [Number.NaN]],
    ];
    expect(solved(batch, B).toArray()).toEqual(expected);
    expect(solved.statistics.runs).toBe(1);
  });

  test('says what does not fit', () => {
    const throws = (f: () => unknown) => expect(f);
    throws(() => solve(singular, tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve: the matrix is singular
        got:   A of shape [2, 2]; pivot 1 of elimination is 0
        needs: rows that are linearly independent
        fix:   look for rows that repeat or add up to each other; add a small multiple of the identity to regularize]
    `);
    const batch = zeros([2, 2, 2, 2]).add(
      tensor([
        [1, 0],
        [0, 1],
      ]),
    );
    throws(() =>
      solve(batch.mul(tensor([1, 0]).reshape([2, 1, 1, 1])), zeros([2, 1])),
    ).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve: the matrix is singular
        got:   A of shape [2, 2, 2, 2]; entry [1, 0] of the batch: pivot 0 of elimination is 0
        needs: rows that are linearly independent
        fix:   look for rows that repeat or add up to each other; add a small multiple of the identity to regularize]
    `);
    throws(() => solve(zeros([2, 3]), zeros([2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve: A is not square
        got:   A of shape [2, 3]: 2 rows, 3 columns
        needs: as many rows as columns: […, n, n]
        fix:   for least squares, solve the normal equations: solve(A.t().matmul(A), A.t().matmul(b))]
    `);
    throws(() => solve(zeros([2]), zeros([2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve: A is not a matrix
        got:   A of shape [2]
        needs: at least two dims: […, rows, columns]
        fix:   make a column of the vector: A.unsqueeze(-1)]
    `);
    throws(() =>
      solve(zeros([2, 2], { dtype: 'int32' }), zeros([2], { dtype: 'int32' })),
    ).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve: not defined for whole numbers
        got:   dtype int32
        needs: float32 or float64
        fix:   convert first: x.to('float32')]
    `);
    throws(() => solve(regular, zeros([2], { dtype: 'float64' }))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve: the dtypes differ
        got:   float32 and float64
        needs: one dtype
        fix:   convert one operand: x.to('float64')]
    `);
    throws(() => solve(regular, zeros([3, 1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve: the sizes do not meet
        got:   A of shape [2, 2], B of shape [3, 1]
        needs: as many rows in B as A has: 2
        fix:   check which dims belong together; transpose B if it is the other way round]
    `);
    throws(() => solve(regular, tensor(1))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve: B is not a matrix
        got:   B of shape []
        needs: at least two dims: […, rows, columns]
        fix:   reshape it first]
    `);
    throws(() => solve(regular, zeros([2]), { left: false })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve: a vector stands on the left side
        got:   B of shape [2], left: false
        needs: matrices […, k, n] for X A = B
        fix:   make a row of the vector: B.unsqueeze(-2)]
    `);
    throws(() => solve(zeros([2, 3, 3]), zeros([4, 3, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solve, leading dims: the shapes do not broadcast
        got:   [2] with [4]: 2 against 4 in dim -1
        needs: sizes that, counted from the last dim, are equal or one of them 1
        fix:   reshape, transpose or unsqueeze one operand so that the dims that belong together line up]
    `);
  });
});
