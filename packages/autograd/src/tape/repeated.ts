// What JavaScript does beside the operations of a program, and must do again in each of its runs.
import { adopt } from '../core/allocate.ts';
import type { Storage } from '../core/dtype.ts';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { observer } from './observer.ts';

/** Runs a function now, and again in each run of the program that is being made, if one is. */
export function repeat(run: () => void): void {
  run();
  observer?.recorder?.repeat(run);
}

/** A tensor around entries that a function fills: now, and anew in each run of the program that is being made. */
export function filledBy<Entries extends Storage>(
  entries: Entries,
  shape: Shape,
  fill: (entries: Entries) => void,
): Tensor {
  fill(entries);
  const x = adopt(entries, shape);
  observer?.recorder?.filled(x, fill as (entries: Storage) => void);
  return x;
}

/** A property of the world outside that decides what is computed: a program holds as long as it stays the same. */
export function dependOn<T extends string | number | boolean>(read: () => T): T {
  observer?.recorder?.dependsOn(read);
  return read();
}
