import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../core/tensor.ts';
import { tensor } from '../../functions/creation.ts';
import { sum } from '../../functions/reductions.ts';
import { grad } from '../../transforms/grad.ts';
import { i0, i0e, i1, i1e } from './bessel.ts';
import { sinc } from './sinc.ts';

/** The derivatives of order 0, 1, 2, … at x. */
function derivatives(f: (x: Tensor) => Tensor, x: number, count: number): number[] {
  const values: number[] = [];
  let next = f;
  for (let order = 0; order < count; order++) {
    const current = next;
    values.push(current(tensor(x, { dtype: 'float64' })).item());
    next = grad((y: Tensor) => sum(current(y)));
  }
  return values;
}

describe('derivatives of any order at zero are those of the series', () => {
  const expectClose = (actual: readonly number[], expected: readonly number[]): void => {
    actual.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected[i])));
    });
  };
  test('of sinc', () => {
    expectClose(derivatives(sinc, 0, 5), [1, 0, -(Math.PI ** 2) / 3, 0, Math.PI ** 4 / 5]);
  });
  test('of I₀ and I₁', () => {
    expectClose(derivatives(i0, 0, 5), [1, 0, 1 / 2, 0, 3 / 8]);
    expectClose(derivatives(i1, 0, 5), [0, 1 / 2, 0, 3 / 8, 0]);
  });
  test('of the scaled ones, which have a kink there, PyTorch’s', () => {
    expectClose(derivatives(i0e, 0, 2), [1, 0]);
    expectClose(derivatives(i1e, 0, 2), [0, 1 / 2]);
  });
});

describe('where a series ends and the formula begins nothing jumps', () => {
  test.each([
    ['sinc', sinc, 0.5],
    ['i1', i1, 1],
    ['i1e', i1e, 1],
  ] as const)('%s', (_, f, border) => {
    for (const x of [border, -border]) {
      const [inside, outside] = [1 - 2 ** -52, 1 + 2 ** -52].map((step) => derivatives(f, x * step, 4));
      inside.forEach((value, order) => {
        expect(Math.abs(value - outside[order])).toBeLessThan(1e-11 * Math.max(1, Math.abs(value)));
      });
    }
  });
});

test('sinc is 0 at whole numbers, exactly', () => {
  const values = sinc(tensor([1, -2, 1000, 1e15], { dtype: 'float64' })).toTypedArray();
  expect([...values].map(Math.abs)).toEqual([0, 0, 0, 0]);
});
