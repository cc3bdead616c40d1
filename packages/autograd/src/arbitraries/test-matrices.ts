// What the tests of functions of matrices draw and compare. Only tests import it.
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { eye, matmul, stack } from '../functions/index.ts';
import { transposeMatrix } from '../primitives/linear/permute.ts';
import { matrices } from './matrices.ts';

/** A batch `[2, 3, n, n]` of float64 matrices with condition numbers of at most 10, row by row in memory or not. */
export const batches: fc.Arbitrary<Tensor> = fc
  .integer({ min: 1, max: 4 })
  .chain((size) => fc.tuple(fc.array(matrices({ rows: size }), { minLength: 6, maxLength: 6 }), fc.boolean()))
  .map(([list, turned]) => {
    const batch = stack([stack(list.slice(0, 3)), stack(list.slice(3))]);
    return turned ? transposeMatrix(batch) : batch;
  });

/** Symmetric positive definite ones, with condition numbers of at most 100. */
export const positives: fc.Arbitrary<Tensor> = batches.map((a) => matmul<Tensor, Tensor>(a, transposeMatrix(a)));

/** Expects the same shape, and entries that are equal to rounding. */
export function expectClose(got: Tensor, wanted: Tensor, tolerance = 1e-12): void {
  expect(got.shape).toEqual(wanted.shape);
  expect(got.dtype).toBe(wanted.dtype);
  const entries = Array.from(wanted.toTypedArray());
  const largest = entries.reduce((size, entry) => Math.max(size, Math.abs(entry)), 1);
  got.toTypedArray().forEach((entry, i) => {
    expect(Math.abs(entry - entries[i])).toBeLessThanOrEqual(tolerance * largest);
  });
}

export function identity(size: number): Tensor {
  return eye(size, size, { dtype: 'float64' });
}
