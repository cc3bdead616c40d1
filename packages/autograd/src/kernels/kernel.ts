import type { LoopMath } from './loop-math.ts';
import type { Tile } from './product/tile.ts';
import type { ElementType } from './vector-math.ts';

/** A procedure of a loop nest, to be called from procedures that are written after it. */
export type Procedure<I> = (...values: I[]) => void;

/** Procedures that several kernels call, each written when the first asks for it (outside of any procedure). */
export interface Library<I> {
  /** The block of a product that the engine's registers hold. */
  readonly tile: Tile;
  procedure(name: string, write: () => Procedure<I>): Procedure<I>;
}

/** A part of a program: a loop nest over units of work that threads may share. All addresses are constants in it. */
export interface Kernel {
  /** Unique in its program; a word of letters, digits and underscores. */
  readonly name: string;
  readonly elementType: ElementType;
  /** Units of work, which may be done in any order and by any thread. A range of them is done in one call. */
  readonly units: number;
  /** About how many nanoseconds a unit takes with vectors of 16 bytes: what is small is not shared. */
  readonly cost: number;
  /** About how many nanoseconds every range takes beside its units, for what all of them read. Default: 0. */
  readonly start?: number;
  /** Ranges begin at multiples of this. Default: 1. */
  readonly grain?: number;
  /** Writes a procedure of three parameters: the first unit, the one behind the last, and the number of the thread. */
  write<I, V>(w: LoopMath<I, V>, library: Library<I>): Procedure<I>;
}
