import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batches, expectClose, identity } from '../../arbitraries/test-matrices.ts';
import { compile } from '../../compile/index.ts';
import { diagEmbed, eigh, eigvalsh, grad, type Tensor, tensor, tril, triu, zeros } from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';

const symmetric = (X: Tensor): Tensor => X.add(X.transpose(-1, -2));
const float64 = (entries: number[][]): Tensor => tensor(entries, { dtype: 'float64' });
/** Does not depend on the signs of eigenvectors. */
const withoutSigns = (X: Tensor): Tensor => {
  const { eigenvalues, eigenvectors } = eigh(symmetric(X));
  return eigenvectors.pow(2).mul(eigenvalues.exp().unsqueeze(-2));
};

describe('eigh', () => {
  test('A = V diag(λ) Vᵀ, from either triangle', () => {
    fc.assert(
      fc.property(batches, (X) => {
        const A = symmetric(X);
        const { eigenvalues, eigenvectors: V } = eigh(A);
        expectClose(V.matmul(diagEmbed(eigenvalues)).matmul(V.transpose(-1, -2)), A);
        expectClose(V.transpose(-1, -2).matmul(V), identity(A.shape[3]).expand(A.shape));
        expectClose(eigh(tril(A)).eigenvalues, eigenvalues, 0);
        expectClose(eigh(triu(A), { uplo: 'U' }).eigenvectors, V, 0);
        expectClose(eigvalsh(A), eigenvalues, 0);
        expect(eigenvalues.shape).toEqual(A.shape.slice(0, 3));
      }),
      { numRuns: 30 },
    );
  });

  test('has right gradients where the matrix is made symmetric, to the second order', () => {
    fc.assert(
      fc.property(batches, (X) => {
        // Eigenvalues that keep clear of each other.
        const apart = X.select(0, 0)
          .mul(0.3)
          .add(diagEmbed(tensor([0, 2, 4, 6], { dtype: 'float64' }).narrow(0, 0, X.shape[3])));
        assertGradients(withoutSigns, [apart], { order: 2 });
        assertGradients((x) => eigvalsh(symmetric(x)), [apart], { order: 2 });
      }),
      { numRuns: 3 },
    );
  });

  test('has a symmetric gradient, whichever triangle is read', () => {
    const A = float64([
      [1, 2],
      [2, 5],
    ]);
    for (const uplo of ['L', 'U'] as const) {
      const gradient = grad((x: Tensor) => eigvalsh(x, { uplo }).pow(3).sum())(A);
      // The derivative of tr A³.
      expectClose(gradient, A.matmul(A).mul(3));
    }
  });

  test('has finite gradients of eigenvalues that are equal; of their vectors there are none', () => {
    for (const A of [identity(3), zeros([3, 3], { dtype: 'float64' })]) {
      expectClose(
        grad((x: Tensor) => eigvalsh(x).exp().sum())(A),
        A.matmul(identity(3).mul(Math.E - 1)).add(identity(3)),
      );
      const ofVectors = grad((x: Tensor) =>
        eigh(x)
          .eigenvectors.mul(
            float64([
              [1, 2, 3],
              [4, 5, 6],
              [7, 8, 10],
            ]),
          )
          .sum(),
      )(A);
      expect(ofVectors.toTypedArray().some(Number.isFinite)).toBe(false);
    }
  });

  test('of nothing is nothing', () => {
    expect(eigh(zeros([0, 0])).eigenvectors.shape).toEqual([0, 0]);
    expect(eigh(zeros([2, 0, 0])).eigenvalues.shape).toEqual([2, 0]);
    expect(eigh(zeros([0, 3, 3])).eigenvectors.shape).toEqual([0, 3, 3]);
    expect(grad((x: Tensor) => eigvalsh(x).sum())(zeros([2, 0, 0])).shape).toEqual([2, 0, 0]);
  });

  test('compiled gives NaN where an entry is not finite', () => {
    const values = compile((A: Tensor) => eigvalsh(A));
    values(
      tensor([
        [1, 0],
        [0, 1],
      ]),
    );
    expect(
      values(
        tensor([
          [2, 1],
          [1, 2],
        ]),
      ).toArray(),
    ).toEqual([1, 3]);
    expect(
      values(
        tensor([
          [Infinity, 0],
          [0, 1],
        ]),
      ).toArray(),
    ).toEqual([Number.NaN, Number.NaN]);
    expect(values.statistics.runs).toBe(2);
  });

  test('says what does not fit', () => {
    expect(() => eigh(tensor([[Number.NaN]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: eigh: an entry is not finite
        got:   entries no finite entry, 1 NaN
        needs: finite numbers
        fix:   look at what made the matrix; detectAnomaly names the operation that first gives NaN in a gradient]
    `);
    expect(() => eigvalsh(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: eigvalsh: A is not square
        got:   A of shape [2, 3]: 2 rows, 3 columns
        needs: as many rows as columns: […, n, n]
        fix:   check the shape: the last two dims are rows and columns, those before them a batch]
    `);
    expect(() => eigvalsh(zeros([2, 2]), { uplo: 'X' as 'L' })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: eigvalsh: which triangle of A?
        got:   uplo: X
        needs: 'L' for the lower triangle, 'U' for the upper one
        fix:   leave it out for the lower one; in a symmetric matrix both are the same]
    `);
  });
});
