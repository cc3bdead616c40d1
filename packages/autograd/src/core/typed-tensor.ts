// The shapes of tensors as the signatures of functions and methods name them.
import type { Broadcast, BroadcastError, Checked } from './shape-types.ts';
import type { Tensor } from './tensor.ts';

/** The shape in a tensor's type. */
export type ShapeOf<T> = T extends Tensor<infer S> ? S : [];
/** An operand of an elementwise operation: a number, or a tensor whose shape broadcasts with the first's. */
export type Operand<Operation extends string, T, U> = U extends number
  ? U
  : Checked<U, BroadcastError<Operation, ShapeOf<T>, ShapeOf<U>>>;
/** The shape of an elementwise operation's result. */
export type ElementwiseShape<T, U> = U extends number
  ? ShapeOf<T>
  : T extends number
    ? ShapeOf<U>
    : Broadcast<ShapeOf<T>, ShapeOf<U>>;

/** An operation of one tensor, entry by entry. */
export type Unary = <T extends Tensor>(x: T) => Tensor<ShapeOf<T>>;
/** An operation of two tensors or numbers, entry by entry, broadcasting. */
export type Binary<Operation extends string> = <T extends Tensor | number, U extends Tensor | number>(
  a: T,
  b: Operand<Operation, T, U>,
) => Tensor<ElementwiseShape<T, U>>;
