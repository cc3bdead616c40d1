import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { BlockWork } from './block-work.ts';
import type { LoopMath } from './loop-math.ts';
import type { Formula, ScalarMath } from './scalar-math.ts';
import type { ElementType } from './vector-math.ts';

/**
 * What kind of loop computes a primitive that does not work entry by entry: programs are made of these few, and of formulas.
 * A primitive without a kind is computed by its own `evaluate`, between the loops of a program.
 */
export type KernelKind<P> =
  | ViewKind
  | ReduceKind<P>
  | ProductKind
  | PlaceKind<P>
  | GatherKind<P>
  | ScatterKind<P>
  | LargestKind<P>
  | ScanKind<P>
  | BlockKind<P>;

/** Looks at the input's entries in another way; where that is not possible, copies them in reading order. */
export interface ViewKind {
  readonly kind: 'view';
}

/** Combines the entries over dims, which keep size one. */
export interface ReduceKind<P> {
  readonly kind: 'reduce';
  readonly combine: Formula;
  /** The neutral value of `combine`. */
  readonly initial: number;
  dims(params: P): readonly number[];
}

/** The product of matrices, for each entry of the leading dims. */
export interface ProductKind {
  readonly kind: 'product';
}

/** Zeros, with the entries of the inputs put into parts of them, or added where parts overlap. */
export interface PlaceKind<P> {
  readonly kind: 'place';
  readonly overlapping: boolean;
  /** The part of each input, as a view of the output `out`. */
  parts(out: Tensor, inputs: readonly { readonly shape: Shape }[], params: P): readonly Tensor[];
}

/** `out[i, j] = x[index[i, j], j]` along a dim; 0 where the index is the one that is ignored. */
export interface GatherKind<P> {
  readonly kind: 'gather';
  along(params: P): IndexedDim;
}

/**
 * Zeros, or a copy of the first of three inputs, with `x[i, j]` combined into what is at `[index[i, j], j]` along a dim,
 * unless the index is the one that is ignored.
 */
export interface ScatterKind<P> {
  readonly kind: 'scatter';
  readonly combine: Formula;
  along(params: P): IndexedDim;
}

export interface IndexedDim {
  readonly dim: number;
  readonly ignored?: number;
  /** Throws, as eager code does, where an index is out of range. Missing where the indices are known to be right. */
  check?(index: Tensor, size: number): void;
}

/** The place of the largest entry over dims (by `sign` 1), or the smallest (-1): the first of equals, a NaN before all. */
export interface LargestKind<P> {
  readonly kind: 'largest';
  readonly sign: 1 | -1;
  dims(params: P): readonly number[];
}

/** Numbers that are carried along a dim from one end on, and change with each entry: the first of them is the result there. */
export interface ScanKind<P> {
  readonly kind: 'scan';
  /** What is carried into the first entry. */
  readonly initial: readonly number[];
  /** What is carried on from an entry, whose place along the dim is counted in the scan's direction. */
  next(params: P): <T>(m: ScalarMath<T>, entry: T, place: T, carried: readonly T[]) => readonly T[];
  /** Along which dim, and whether from its end. */
  along(params: P): { readonly dim: number; readonly reverse: boolean };
  /** The dim along which the results are places: as indices of so many entries they need no check. */
  placesAlong?(params: P): number;
}

/**
 * Each block of the output from the blocks of the inputs at the same place, by loops that the primitive writes itself: a
 * line along a dim, or a matrix of a batch. The other dims are the same in all of them.
 */
export interface BlockKind<P> {
  readonly kind: 'block';
  /** In which type to compute. Default: the widest of what is read. */
  readonly elementType?: ElementType;
  /** The dims of a block, in each input and in the output, of tensors of these ranks. */
  inputDims(rank: number, params: P): readonly number[];
  outputDims(rank: number, params: P): readonly number[];
  /** How many elements the work on a block needs room for, from the sizes of the inputs' blocks. */
  room(sizes: readonly (readonly number[])[]): number;
  /** About how many nanoseconds the work on a block takes. */
  cost(sizes: readonly (readonly number[])[]): number;
  write<I, V>(w: LoopMath<I, V>, work: BlockWork<I, V>, params: P): void;
  /** The dim of the first input along which the results are places. */
  placesAlong?(params: P): number;
}
