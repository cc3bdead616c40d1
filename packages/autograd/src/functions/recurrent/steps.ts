import { allocateUnfilled } from '../../core/allocate.ts';
import type { DType } from '../../core/dtype.ts';
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { broughtNear, nearKernels } from '../../kernels/near-tensors.ts';
import { copyInto } from '../../kernels/place.ts';
import { concatAlong } from '../../primitives/linear/concat.ts';
import { rangesWith, slice } from '../../primitives/linear/slice.ts';
import { isKept } from '../../tape/bind.ts';

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

/**
 * Room for what steps write, each into rows of its own, so that in the end nothing need be brought together; undefined where
 * operations are recorded or looked at, so that every step must make tensors of its own.
 */
export function roomForSteps(shape: Shape, dtype: DType): Tensor | undefined {
  return isKept() ? undefined : allocateUnfilled(shape, dtype);
}

/** Runs steps whose tensors lie near the kernels, where nobody keeps them. */
export function stepsNear<T>(run: () => T): T {
  return isKept() ? run() : nearKernels(run);
}

/** What every step reads, near the kernels. */
export function readByAll(x: Tensor): Tensor {
  return isKept() ? x : broughtNear(x);
}

/** Parts above each other, in the room that there is for them: only what does not lie there already is copied. */
export function gathered(parts: readonly Tensor[], room: Tensor | undefined): Tensor {
  if (room === undefined) return below(parts);
  let start = 0;
  for (const part of parts) {
    const place = rows(room, start, part.shape[0]);
    if (part.storage !== place.storage || part.offset !== place.offset) copyInto(place, part);
    start += part.shape[0];
  }
  return room;
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
