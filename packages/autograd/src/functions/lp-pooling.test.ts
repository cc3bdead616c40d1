import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lpPool1d, lpPool2d, tensor } from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { drawTensor } from './draw-tensor.ts';

test('is the norm of every window', () => {
  fc.assert(
    fc.property(drawTensor([1, 1, 4, 4]), fc.constantFrom(2, 4), (x, p) => {
      const pooled = lpPool2d(x, p, 2).toTypedArray();
      [0, 2].forEach((row, i) => {
        [0, 2].forEach((column, j) => {
          const window = x.narrow(2, row, 2).narrow(3, column, 2);
          expect(pooled[2 * i + j]).toBeCloseTo(window.norm(p).item(), 9);
        });
      });
    }),
    { numRuns: 30 },
  );
});

test('a window that does not fit whole is scaled up to the others', () => {
  const x = tensor([[3, 4, 6]], { dtype: 'float64' });
  expect(lpPool1d(x, 2, 2, { ceilMode: true }).toArray()).toEqual([[5, expect.closeTo(Math.sqrt(72), 12)]]);
  expect(lpPool1d(x, 1, 2, { stride: 1 }).toArray()).toEqual([[7, 10]]);
});

test('has the right derivative, and none where all is zero', () => {
  const x = tensor([[1, -2, 3, 0.5]], { dtype: 'float64' });
  assertGradients((y) => lpPool1d(y, 3, 2, { stride: 1 }), [x.abs()], { order: 2 });
  const zeros = tensor([[0, 0]], { dtype: 'float64', requiresGrad: true });
  lpPool1d(zeros, 2, 2).sum().backward();
  expect(zeros.grad?.toArray()).toEqual([[0, 0]]);
});

test('says what is no power', () => {
  expect(() => lpPool1d(tensor([[1, 2]]), 0, 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: lpPool1d: not a power
      got:   normType 0
      needs: a finite number other than 0
      fix:   maxPool2d is the limit of large powers]
  `);
});
