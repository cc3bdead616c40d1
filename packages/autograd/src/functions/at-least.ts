import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { reshape } from '../primitives/linear/reshape.ts';

const shapes: readonly ((shape: Shape) => Shape)[] = [
  (shape) => shape,
  (shape) => (shape.length === 0 ? [1] : shape),
  (shape) => (shape.length < 2 ? [1, ...shapes[1](shape)] : shape),
  (shape) => (shape.length < 3 ? [...shapes[2](shape), 1] : shape),
];

/** A tensor with dims of size one added where it has fewer than `rank`: in front of a list, behind a matrix. */
export function atLeast(rank: 1 | 2 | 3, x: Tensor): Tensor {
  return reshape(x, shapes[rank](x.shape));
}

/**
 * A single number as a list of one; other tensors as they are. Of an array of tensors each.
 *
 * @example
 * atleast1d(tensor(5)); // [5]
 */
export function atleast1d(x: Tensor): Tensor;
export function atleast1d(x: readonly Tensor[]): Tensor[];
export function atleast1d(x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  return ofEach(1, x);
}

/**
 * Numbers and lists as a matrix of one row; other tensors as they are. Of an array of tensors each.
 *
 * @example
 * atleast2d(tensor([5, 6])); // [[5, 6]]
 */
export function atleast2d(x: Tensor): Tensor;
export function atleast2d(x: readonly Tensor[]): Tensor[];
export function atleast2d(x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  return ofEach(2, x);
}

/**
 * A list of n as `[1, n, 1]`, a matrix as `[m, n, 1]`; other tensors as they are. Of an array of tensors each.
 *
 * @example
 * atleast3d(tensor([5, 6])); // [[[5], [6]]]
 */
export function atleast3d(x: Tensor): Tensor;
export function atleast3d(x: readonly Tensor[]): Tensor[];
export function atleast3d(x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  return ofEach(3, x);
}

function ofEach(rank: 1 | 2 | 3, x: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  return isList(x) ? x.map((each) => atLeast(rank, each)) : atLeast(rank, x);
}

function isList(x: Tensor | readonly Tensor[]): x is readonly Tensor[] {
  return Array.isArray(x);
}
