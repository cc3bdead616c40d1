import { expect, test } from 'vitest';
import { eye, Generator, randn, tensordot, zeros } from '../../index.ts';
import { assertGradients } from '../../verify/index.ts';
import { tensorinv, tensorsolve } from './tensor-equations.ts';

const drawn = (...shape: number[]) => randn(shape, { dtype: 'float64', generator: new Generator(shape.length) });

test('the inverse undoes the map', () => {
  const A = drawn(2, 3, 6);
  const identity = tensordot(tensorinv(A, { ind: 2 }), A, 2);
  expect(
    identity
      .sub(eye(6, 6, { dtype: 'float64' }))
      .abs()
      .amax()
      .item(),
  ).toBeLessThan(1e-12);
});

test('the solution solves, with dims moved and without', () => {
  const [A, B] = [drawn(2, 6, 3), drawn(2, 3)];
  const X = tensorsolve(A, B, { dims: [1] });
  expect(tensordot(A.movedim(1, -1), X, 1).sub(B).abs().amax().item()).toBeLessThan(1e-12);
  assertGradients((a, b) => tensorsolve(a, b, { dims: [1] }), { A, B }, { seed: 1 });
});

test('what is not square is refused', () => {
  expect(() => tensorinv(zeros([2, 3, 4]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: tensorinv: not a square map
      got:   shape [2, 3, 4], ind 2
      needs: as many entries in the first \`ind\` dims as in the others
      fix:   say with ind how many of the dims are the rows]
  `);
  expect(() => tensorsolve(zeros([2, 3, 4]), zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: tensorsolve: not as many equations as unknowns
      got:   A of shape [2, 3, 4], B of shape [2, 3]
      needs: the dims of B, and then dims with 6 entries
      fix:   dims says which dims of A belong to the unknowns]
  `);
});
