import type { DType } from '../core/dtype.ts';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { KernelKind } from '../kernels/kinds.ts';
import type { Notation } from '../kernels/notation.ts';
import type { Formula } from '../kernels/scalar-math.ts';

/** What is known of one use of a primitive. */
export interface Line<P = unknown> {
  readonly inputs: readonly Tensor[];
  readonly params: P;
  readonly output: Tensor;
}

/** The cotangents of a line's inputs; undefined where the output does not depend on one smoothly. */
export type Cotangents = readonly (Tensor | undefined)[];
/** The tangents of a line's inputs; undefined stands for zero. */
export type Tangents = readonly (Tensor | undefined)[];

/**
 * One operation: its value, and its derivative in both directions, written with operations (so that it can be
 * differentiated again). Nobody writes the two directions by hand: the four floors of `primitives/` make them from one
 * declaration.
 */
export interface Primitive<P = unknown> {
  readonly name: string;
  /** A new tensor, never one of the inputs. */
  evaluate(inputs: readonly Tensor[], params: P): Tensor;
  /** Reverse mode: from the output's cotangent to the inputs'. */
  pullback(cotangent: Tensor, line: Line<P>): Cotangents;
  /** Forward mode: from the inputs' tangents to the output's. */
  pushforward(tangents: Tangents, line: Line<P>): Tensor | undefined;
  /** The value of one entry, for operations that work entry by entry: read by every engine, and by LaTeX. */
  readonly formula?: Formula;
  /** The kind of loop that computes it, for programs, where it has no formula. */
  readonly kernel?: KernelKind<P>;
  /** Whether the shape of its value depends on the values of its inputs: then no program can hold it. Default: false. */
  readonly shapeDependsOnValues?: boolean;
  /** How it is written on paper, from its inputs as they are written there. Default: the formula, or its name. */
  latex?<T>(m: Notation<T>, inputs: readonly T[], line: Line<P>): T;
  /**
   * Whether its pullback, being a user's, may keep tensors that it is given or makes. Any other must not: a backward pass
   * uses their memory again.
   */
  readonly mayKeepTensors?: boolean;
  /** Whether it computes by other primitives, so that a program needs only those. Default: false. */
  readonly isComposite?: boolean;
  /** Whether rounding is felt by all entries together, as in the inverse of a matrix. Default: false. */
  readonly roundsAsWhole?: boolean;
  /** Inputs and parameters on which the laws try the primitive. */
  sample(draw: Draw): Sample<P>;
}

export interface Sample<P> {
  readonly inputs: readonly Tensor[];
  readonly params: P;
}

/** Where a number may lie: an open interval, and the points inside it where the derivative jumps. */
export interface Domain {
  readonly low: number;
  readonly high: number;
  readonly kinks?: readonly number[];
  /** No two entries of a tensor lie close together: for operations whose derivative jumps at ties. Default: false. */
  readonly distinct?: boolean;
}

/** Draws what a primitive is tried on. */
export interface Draw {
  /** A whole number, both ends included. */
  integer(low: number, high: number): number;
  /** At most `maximumRank` dims (4 if not said), of sizes 0 and up (`minimumSize`). */
  shape(options?: { minimumRank?: number; maximumRank?: number; minimumSize?: number }): Shape;
  /** The dtype of the trial: float64 or float32. */
  readonly dtype: DType;
  /** Random entries inside a domain and clear of its kinks, contiguous or not. */
  tensor(shape: Shape, domain?: Domain): Tensor;
  /** Random indices below `size`, dtype int32. */
  indices(shape: Shape, size: number): Tensor;
  /** Random truth values, dtype bool. */
  truths(shape: Shape): Tensor;
}
