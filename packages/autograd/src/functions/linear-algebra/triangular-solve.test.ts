import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batches, expectClose, identity } from '../../arbitraries/test-matrices.ts';
import { solveTriangular, type Tensor, tensor, triangularSolve, tril, triu, where, zeros } from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';

/** The triangle that counts, and the same with NaN in the entries that do not. */
function triangles(A: Tensor, upper: boolean, unitriangular: boolean): { counted: Tensor; given: Tensor } {
  const n = A.shape[3];
  const diagonal = identity(n);
  const bounded = A.add(diagonal.mul(3));
  const side = upper ? triu(bounded, 1) : tril(bounded, -1);
  const counted = side.add(unitriangular ? diagonal : bounded.mul(diagonal));
  const outside = upper
    ? tril(identity(n).add(1), unitriangular ? 0 : -1)
    : triu(identity(n).add(1), unitriangular ? 0 : 1);
  return { counted, given: where(outside.ne(0), Number.NaN, bounded) };
}

const choices = fc.record({ upper: fc.boolean(), unitriangular: fc.boolean() });

describe('solveTriangular', () => {
  test('solves from the left and the right, and reads one triangle only', () => {
    fc.assert(
      fc.property(batches, choices, (A, options) => {
        const { counted, given } = triangles(A, options.upper, options.unitriangular);
        const B = A.narrow(1, 1, 1);
        expectClose(counted.matmul(solveTriangular(given, B, options)), B.expand(A.shape));
        expectClose(solveTriangular(given, B, { ...options, left: false }).matmul(counted), B.expand(A.shape));
      }),
      { numRuns: 40 },
    );
  });

  test('has right gradients, to the second order, none by what is not read', () => {
    fc.assert(
      fc.property(batches, choices, fc.boolean(), (A, options, left) => {
        const { counted } = triangles(A, options.upper, options.unitriangular);
        const [a, b] = [counted.select(0, 0), A.select(0, 1)];
        assertGradients((x, y) => solveTriangular(x, y, { ...options, left }), [a, b], { order: 2 });
      }),
      { numRuns: 4 },
    );
  });

  test('of nothing is nothing', () => {
    expect(solveTriangular(zeros([0, 0]), zeros([0, 2]), { upper: true }).shape).toEqual([0, 2]);
    expect(solveTriangular(zeros([0, 2, 2]), zeros([2, 1]), { upper: true }).shape).toEqual([0, 2, 1]);
  });

  test('gives infinities where the diagonal has a zero', () => {
    expect(solveTriangular(tensor([[0]]), tensor([[1]]), { upper: true }).item()).toBe(Infinity);
  });

  test('says what does not fit', () => {
    const A = zeros([2, 2]);
    expect(() => solveTriangular(A, zeros([2]), { upper: true })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solveTriangular: B is not a matrix
        got:   B of shape [2]
        needs: at least two dims: […, rows, columns]
        fix:   make a column of the vector: B.unsqueeze(-1)]
    `);
    expect(() => solveTriangular(A, zeros([3, 2]), { upper: true })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solveTriangular: the sizes do not meet
        got:   A of shape [2, 2], B of shape [3, 2]
        needs: as many rows in B as A has: 2
        fix:   check which dims belong together; transpose B if it is the other way round]
    `);
    expect(() => solveTriangular(A, zeros([2, 3]), { upper: true, left: false })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solveTriangular: the sizes do not meet
        got:   A of shape [2, 2], B of shape [2, 3]
        needs: as many columns in B as A has: 2
        fix:   check which dims belong together; transpose B if it is the other way round]
    `);
    expect(() => solveTriangular(A, zeros([2, 1]), {} as { upper: boolean })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: solveTriangular: which triangle of A?
        got:   upper: undefined
        needs: true or false
        fix:   solveTriangular(A, B, { upper: false }) for a lower triangle]
    `);
  });
});

describe('triangularSolve', () => {
  test('is the same with the right side first', () => {
    fc.assert(
      fc.property(batches, choices, (A, options) => {
        const { given } = triangles(A, options.upper, options.unitriangular);
        const b = A.select(0, 0);
        const expected = solveTriangular(given, b, options);
        const { solution, clonedCoefficient } = triangularSolve(b, given, options);
        expectClose(solution, expected, 0);
        expect(clonedCoefficient).toBe(given);
        const turned = triangularSolve(b, given.transpose(-1, -2), {
          ...options,
          upper: !options.upper,
          transpose: true,
        });
        expectClose(turned.solution, expected, 0);
      }),
      { numRuns: 20 },
    );
    expect(triangularSolve(tensor([[4]]), tensor([[2]])).solution.item()).toBe(2);
  });

  test('says what does not fit', () => {
    expect(() => triangularSolve(zeros([2]), zeros([2, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: triangularSolve: b is not a matrix
        got:   b of shape [2]
        needs: at least two dims: […, rows, columns]
        fix:   make a column of the vector: b.unsqueeze(-1)]
    `);
    expect(() => triangularSolve(zeros([3, 1]), zeros([2, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: triangularSolve: the sizes do not meet
        got:   A of shape [2, 2], b of shape [3, 1]
        needs: as many rows in b as A has: 2
        fix:   check which dims belong together; transpose b if it is the other way round]
    `);
  });
});
