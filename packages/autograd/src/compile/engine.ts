import type { Storage } from '../core/dtype.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Tile } from '../kernels/product/tile.ts';

/** Copies as many entries as the target has. */
export type CopyEntries = (target: Storage, source: Storage) => void;

/** What runs kernels: each engine writes the same loop nests in a language of its own. */
export interface Engine {
  readonly name: string;
  /** The block of a product that its registers hold. */
  readonly tile: Tile;
  /** Where it takes less time than JavaScript, which copies to and from a shared memory word by word. */
  readonly copy?: CopyEntries;
  /** Makes kernels ready to run, in segments. */
  build(segments: readonly (readonly Kernel[])[]): RunningKernels;
}

export interface RunningKernels {
  /** Runs the kernels of a segment, in order. */
  run(segment: number): void;
  /** Runs one kernel, counted through all segments, alone. */
  runKernel(kernel: number): void;
  /** Gives back what it holds beside the memory. */
  dispose?(): void;
}
