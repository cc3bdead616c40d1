import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batches, expectClose } from '../../arbitraries/test-matrices.ts';
import { linalgNorm, matrixNorm, norm, tensor, vectorNorm, zeros } from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';

const orders = [0, 0.5, 1, 2, 3, -1, Infinity, -Infinity];
const A = tensor([
  [1, -2],
  [3, 4],
  [-5, 7],
]);

describe('vectorNorm', () => {
  test('is the norm of entries over dims', () => {
    fc.assert(
      fc.property(batches, fc.constantFrom(...orders), fc.boolean(), (x, ord, keepDim) => {
        for (const dims of [undefined, null, 1, [0, -1]]) {
          expectClose(vectorNorm(x, ord, dims, { keepDim }), norm(x, ord, dims, { keepDim }), 0);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('computes in the dtype that is asked for', () => {
    const norm64 = vectorNorm(tensor([3, 4]), 2, null, { dtype: 'float64' });
    expect([norm64.dtype, norm64.item()]).toEqual(['float64', 5]);
    expect(vectorNorm(tensor([3, 4], { dtype: 'int32' }), 1, null, { dtype: 'float32' }).item()).toBe(7);
  });

  test('of nothing is 0, where there is one', () => {
    expect(vectorNorm(zeros([2, 0]), 2, 1).toArray()).toEqual([0, 0]);
    expect(() => vectorNorm(zeros([2, 0]), Infinity, 1)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: vectorNorm: nothing to choose from
        got:   shape [2, 0], reduced over dims [1]
        needs: at least one entry in what is reduced
        fix:   check the sizes; an empty sum is 0, but an empty maximum is nothing]
    `);
    expect(() => vectorNorm(zeros([0]), -1)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: vectorNorm: nothing to choose from
        got:   shape [0], reduced over dims [0]
        needs: at least one entry in what is reduced
        fix:   check the sizes; an empty sum is 0, but an empty maximum is nothing]
    `);
  });

  test('says what does not fit', () => {
    expect(() => vectorNorm(tensor([1], { dtype: 'int32' }))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: vectorNorm: not defined for whole numbers
        got:   dtype int32
        needs: float32 or float64
        fix:   convert first: x.to('float32')]
    `);
    expect(() => vectorNorm(tensor([1]), 2, null, { dtype: 'int32' })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: vectorNorm: a norm is no whole number
        got:   dtype int32
        needs: float32 or float64
        fix:   leave it out, or { dtype: 'float64' }]
    `);
  });
});

describe('matrixNorm', () => {
  test.each([
    ['fro', Math.sqrt(104)],
    [1, 13],
    [-1, 9],
    [Infinity, 12],
    [-Infinity, 3],
  ] as const)('of order %s', (ord, expected) => {
    const x = A.to('float64');
    expect(matrixNorm(x, ord).item()).toBeCloseTo(expected, 12);
    expect(matrixNorm(x.t(), ord, [1, 0]).item()).toBeCloseTo(expected, 12);
    expect(matrixNorm(x.reshape([3, 1, 2]), ord, [0, 2], { keepDim: true }).shape).toEqual([1, 1, 1]);
    expect(matrixNorm(x.unsqueeze(0).expand([4, 3, 2]), ord).shape).toEqual([4]);
    assertGradients((y) => matrixNorm(y, ord), [x]);
  });

  test('computes in the dtype that is asked for', () => {
    expect(matrixNorm(A.to('int32'), 1, [0, 1], { dtype: 'float64' }).dtype).toBe('float64');
  });

  test('of nothing is 0, where there is one', () => {
    expect(matrixNorm(zeros([0, 2])).item()).toBe(0);
    expect(matrixNorm(zeros([0, 2]), 1).item()).toBe(0);
    expect(() => matrixNorm(zeros([0, 2]), Infinity)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: matrixNorm: nothing to choose from
        got:   shape [0, 2], reduced over dims [0]
        needs: at least one entry in what is reduced
        fix:   check the sizes; an empty sum is 0, but an empty maximum is nothing]
    `);
  });

  test('says what does not fit', () => {
    expect(() => matrixNorm(tensor([1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: matrixNorm: A is not a matrix
        got:   A of shape [1]
        needs: at least two dims: […, rows, columns]
        fix:   make a column of the vector: A.unsqueeze(-1)]
    `);
    expect(() => matrixNorm(A, 2)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: matrixNorm: no such order
        got:   2
        needs: 'fro', 1, -1, Infinity or -Infinity; 2, -2 and 'nuc' would take singular values
        fix:   for the largest singular value of a small matrix: eigvalsh(A.t().matmul(A)).amax().sqrt()]
    `);
    expect(() => matrixNorm(A, 'nuc' as 'fro')).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: matrixNorm: no such order
        got:   nuc
        needs: 'fro', 1, -1, Infinity or -Infinity; 2, -2 and 'nuc' would take singular values
        fix:   for the largest singular value of a small matrix: eigvalsh(A.t().matmul(A)).amax().sqrt()]
    `);
    expect(() => matrixNorm(A, 'fro', [0, 0])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: matrixNorm: not the dims of matrices
        got:   dims [0, 0] of shape [3, 2]
        needs: two different dims: rows, then columns
        fix:   leave them out for the last two; vectorNorm takes any number of dims]
    `);
    expect(() => matrixNorm(A.to('int32'))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: matrixNorm: not defined for whole numbers
        got:   dtype int32
        needs: float32 or float64
        fix:   convert first: x.to('float32')]
    `);
  });
});

describe('linalgNorm', () => {
  test('is of vectors or of matrices, by what is named', () => {
    expect(linalgNorm(A).item()).toBe(norm(A).item());
    expect(linalgNorm(A, null, 0).toArray()).toEqual(vectorNorm(A, 2, 0).toArray());
    expect(linalgNorm(A, 1).item()).toBe(13);
    expect(linalgNorm(A, 1, 0).toArray()).toEqual([9, 13]);
    expect(linalgNorm(A, 1, [0, 1], { keepDim: true }).toArray()).toEqual([[13]]);
    expect(linalgNorm(tensor([3, -4]), Infinity).item()).toBe(4);
    expect(linalgNorm(A, 'fro').item()).toBe(norm(A).item());
  });

  test('says what does not fit', () => {
    expect(() => linalgNorm(zeros([2, 2, 2]), 1)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: linalgNorm: norms of what?
        got:   order 1, dims [0, 1, 2] of shape [2, 2, 2]
        needs: one dim, of vectors, and a number as order; or two, of matrices
        fix:   name the dims; or leave the order out for the root of the sum of squares]
    `);
    expect(() => linalgNorm(tensor([1]), 'fro')).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: linalgNorm: norms of what?
        got:   order fro, dims [0] of shape [1]
        needs: one dim, of vectors, and a number as order; or two, of matrices
        fix:   name the dims; or leave the order out for the root of the sum of squares]
    `);
  });
});
