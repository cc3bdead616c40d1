import type { Tensor } from '../../core/tensor.ts';
import { concatAlong } from '../../primitives/linear/concat.ts';
import { rangesWith, slice } from '../../primitives/linear/slice.ts';

/** A step of sequences that lie time by time in the rows of a matrix, the longest first. */
export interface Step {
  readonly time: number;
  /** Its first row. */
  readonly start: number;
  /** How many sequences reach it: the first so many. */
  readonly size: number;
}

/** The steps, in the order in which they are taken. */
export function stepsOf(batchSizes: readonly number[], reverse: boolean): readonly Step[] {
  let start = 0;
  const steps = batchSizes.map((size, time) => {
    const step = { time, start, size };
    start += size;
    return step;
  });
  return reverse ? steps.reverse() : steps;
}

/** `size` rows from row `start`. A view. */
export function rows(x: Tensor, start: number, size: number): Tensor {
  return start === 0 && size === x.shape[0] ? x : slice(x, rangesWith(x.shape, 0, { start, step: 1, size }));
}

/** Matrices above each other. */
export function below(parts: readonly Tensor[]): Tensor {
  return parts.length === 1 ? parts[0] : concatAlong(parts, 0);
}

/** Matrices beside each other. */
export function beside(parts: readonly Tensor[]): Tensor {
  return parts.length === 1 ? parts[0] : concatAlong(parts, 1);
}

/** As many columns for each gate. Views. */
export function byGate(x: Tensor, gates: number): readonly Tensor[] {
  const dim = x.rank - 1;
  const size = x.shape[dim] / gates;
  return Array.from({ length: gates }, (_, k) =>
    slice(x, rangesWith(x.shape, dim, { start: k * size, step: 1, size })),
  );
}
