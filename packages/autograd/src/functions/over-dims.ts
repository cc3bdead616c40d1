// What every reduction over dims has in common.
import type { DType } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { entriesOf, normalizeDims, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { convert } from '../primitives/linear/convert.ts';
import { reshape } from '../primitives/linear/reshape.ts';

/** One dim or several; all of them when undefined or null. Negative ones count from the end. */
export type Dims = number | readonly number[] | null | undefined;
/** Dims that only the run will show; a number that the compiler knows is left to the signature that checks it. */
export type OpenDims<Chosen extends Dims> = Chosen extends number ? (number extends Chosen ? Chosen : never) : Chosen;

export interface ReductionOptions {
  /** Whether the reduced dims stay, with size one. Default: false. */
  readonly keepDim?: boolean;
}

export interface DTypeOption {
  /** What the input is converted to first, and the dtype of the result. Default: the input's; int32 for sums of whole ones. */
  readonly dtype?: DType;
}

export interface SumOptions extends ReductionOptions, DTypeOption {}

/** The tensor in the dtype that was asked for, if one was. */
export function inDType(x: Tensor, { dtype = x.dtype }: DTypeOption): Tensor {
  return dtype === x.dtype ? x : convert(x, dtype);
}

/** Extreme entries along a dim, and where they stand. */
export interface ValuesAndIndices {
  readonly values: Tensor;
  /** dtype int32. */
  readonly indices: Tensor;
}

/** A reduction that keeps dims of size one, as one that drops them. */
export function overDims(
  operation: string,
  x: Tensor,
  dims: Dims,
  { keepDim = false }: ReductionOptions,
  reduce: (x: Tensor, dims: readonly number[]) => Tensor,
): Tensor {
  const chosen = normalizeDims(operation, dims, x.rank);
  const kept = reduce(x, chosen);
  return keepDim ? kept : withoutDims(kept, chosen);
}

/** The tensor without dims, which have size one. */
export function withoutDims(x: Tensor, dims: readonly number[]): Tensor {
  return reshape(
    x,
    x.shape.filter((_, d) => !dims.includes(d)),
  );
}

/** How many entries a reduction over dims combines. */
export function countOver(x: Tensor, dims: readonly number[]): number {
  return entriesOf(dims.map((d) => x.shape[d]));
}

export function checkNotEmpty(operation: string, x: Tensor, dims: readonly number[]): void {
  if (countOver(x, dims) > 0 || x.rank === 0) return;
  fail(`${operation}: nothing to choose from`, {
    got: `shape ${showShape(x.shape)}, reduced over dims ${showShape(dims)}`,
    needs: 'at least one entry in what is reduced',
    fix: 'check the sizes; an empty sum is 0, but an empty maximum is nothing',
  });
}
