// What chooses an entry of every line along a dim, and says where it stood.
import { normalizeDim } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { gatherAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { checkNotEmpty, type ReductionOptions, type ValuesAndIndices, withoutDims } from './over-dims.ts';

/** The entries of every line along a dim that stand where `placeOf` says, which keeps the dim with size one. */
export function chosenAlong(
  operation: string,
  x: Tensor,
  dim: number,
  { keepDim = false }: ReductionOptions,
  placeOf: (x: Tensor, dim: number) => Tensor,
): ValuesAndIndices {
  const { line, d } = asLine(operation, x, dim);
  checkNotEmpty(operation, line, [d]);
  const indices = placeOf(line, d);
  const values = gatherAlong(line, d, indices);
  const finish = (kept: Tensor): Tensor => (keepDim && x.rank > 0 ? kept : withoutDims(kept, [d]));
  return { values: finish(values), indices: finish(indices) };
}

/** A tensor with at least one dim, since one without dims is a line of one entry; and the dim counted from the front. */
export function asLine(operation: string, x: Tensor, dim: number): { line: Tensor; d: number } {
  const line = x.rank === 0 ? reshape(x, [1]) : x;
  return { line, d: normalizeDim(operation, dim, line.rank) };
}
