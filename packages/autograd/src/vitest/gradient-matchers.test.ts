import { describe, expect, test } from 'vitest';
import { detach, matmul, mul, sum, type Tensor, tanh, tensor } from '../index.ts';
import { gradientMatchers } from './index.ts';

expect.extend(gradientMatchers);

const energy = (x: Tensor): Tensor => mul(sum(mul(x, x)), 0.5);
const at = { x: tensor([1, -2, 3], { dtype: 'float64' }) };

/** What a failed expectation says. */
function failure(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no failure';
}

describe('toMatchGradientOf', () => {
  test('passes for a right derivation, and fails for it with not', () => {
    expect((x: Tensor) => x).toMatchGradientOf(energy, { at });
    expect(failure(() => expect((x: Tensor) => x).not.toMatchGradientOf(energy, { at }))).toContain('passed');
  });

  test('says what is wrong with a wrong one', () => {
    const doubled = (x: Tensor) => ({ dx: mul(x, 2) });
    expect(doubled).not.toMatchGradientOf(energy, { at });
    const said = failure(() => expect(doubled).toMatchGradientOf(energy, { at }));
    expect(said).toContain('1 of 1 gradient wrong');
    expect(said).toContain('dx is twice');
  });

  test('takes the options of checkDerivation', () => {
    const loss = (W: Tensor, A: Tensor) => sum(tanh(matmul(A, W)));
    const inputs = [tensor([[1], [2]]), tensor([[0.5, -1]])];
    const claimed = (W: Tensor, A: Tensor) => {
      const delta = tanh(matmul(W, A));
      return [matmul(mul(delta, delta).mul(-1).add(1), A.transpose(0, 1)), null];
    };
    expect(claimed).toMatchGradientOf(loss, { at: inputs, columns: true });
    expect(claimed).not.toMatchGradientOf(loss, { at: inputs });
  });
});

describe('toPassGradientCheck', () => {
  test('passes for a right function, and fails for one that cuts the tape', () => {
    expect(energy).toPassGradientCheck(at);
    const cut = (x: Tensor) => sum(mul(x, detach(x)));
    expect(cut).not.toPassGradientCheck(at);
    expect(failure(() => expect(cut).toPassGradientCheck(at))).toContain('checkGradients: failed (3 entries)');
  });

  test('takes the options of checkGradients', () => {
    expect(energy).toPassGradientCheck(at, { order: 2 });
    expect(failure(() => expect(energy).not.toPassGradientCheck(at, { entries: 2, directions: 4 }))).toContain(
      '4 random directions',
    );
  });
});

test('anything but a function is refused, with not as well', () => {
  expect(() => expect(energy(at.x)).toPassGradientCheck(at)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: toPassGradientCheck: not a function
      got:   object
      needs: the function itself, not what it gives
      fix:   expect(f).toPassGradientCheck(inputs)]
  `);
  expect(() => expect(at.x).not.toMatchGradientOf(energy, { at })).toThrow('toMatchGradientOf: not a function');
});

test('inputs that were left out are asked for', () => {
  expect(() => expect(energy).toMatchGradientOf(energy, undefined as never)).toThrow('checkDerivation: no inputs');
  expect(() => expect(energy).toPassGradientCheck(undefined as never)).toThrow('checkGradients: no inputs');
});
