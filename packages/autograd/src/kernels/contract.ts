import { entriesOf } from '../core/shape.ts';
import { contractWith } from './product/contract-with.ts';
import { type Contraction, type FloatArray, folded, type Matrices } from './product/contraction.ts';
import { engineFor } from './product/engines.ts';

export type { FloatArray, Matrices } from './product/contraction.ts';

/** Multiplications below which the plain loop is done before the engine has got its operands. */
const SMALL = 512;

/**
 * The matrix product: out (contiguous [...batch, m, n], written from outOffset on) = a [...batch, m, k] times
 * b [...batch, k, n]. All three arrays have one type. Where k = 0, out becomes zero.
 */
export function contract(
  out: FloatArray,
  outOffset: number,
  batch: readonly number[],
  m: number,
  n: number,
  k: number,
  a: Matrices,
  b: Matrices,
): void {
  const task = folded({ out, outOffset, outRowStride: n, batch, m, n, k, a, b });
  contractWith(isSmall(task) ? undefined : engineFor(task), task);
}

function isSmall({ batch, m, n, k }: Contraction): boolean {
  return entriesOf(batch) * m * n * k < SMALL;
}
