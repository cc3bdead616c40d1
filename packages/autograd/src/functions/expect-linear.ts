import { expect } from 'vitest';
import { adopt } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { jvp, vjp } from '../transforms/vjp.ts';

/** Whole numbers that differ from place to place. */
function probe(like: Tensor, seed: number): Tensor {
  return adopt(
    Float64Array.from({ length: like.length }, (_, i) => ((i * 7 + seed * 5 + i * i * 3) % 19) - 9),
    like.shape,
  );
}

function innerProduct(a: Tensor, b: Tensor): number {
  const y = b.toTypedArray();
  return Array.from(a.toTypedArray()).reduce((sum, entry, i) => sum + entry * y[i], 0);
}

/** Expects the same shape and entries; 0 and -0 are the same. */
export function expectSame(got: Tensor, wanted: Tensor): void {
  const entries = (x: Tensor): number[] => Array.from(x.toTypedArray(), (entry) => entry + 0);
  expect(got.shape).toEqual(wanted.shape);
  expect(entries(got)).toEqual(entries(wanted));
}

/**
 * Expects the derivative of a function that is linear in its one input: forward mode gives the function's own value, and
 * reverse mode its transpose, ⟨u, f(v)⟩ = ⟨fᵀu, v⟩. Entries are whole numbers, so that nothing is rounded.
 */
export function expectLinear(f: (x: Tensor) => Tensor, x: Tensor): void {
  const v = probe(x, 1);
  const [value, tangent] = jvp(f, [x], [v]);
  const direct = f(v);
  expectSame(tangent, direct);
  const u = probe(value, 2);
  const [, pull] = vjp(f, x);
  const [cotangent] = pull(u);
  expect(cotangent.shape).toEqual(x.shape);
  expect(innerProduct(cotangent, v)).toBeCloseTo(innerProduct(u, direct), 6);
}
