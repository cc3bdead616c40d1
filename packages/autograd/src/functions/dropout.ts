import { fail } from '../core/errors.ts';
import type { Generator } from '../core/random/generator.ts';
import { type Shape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { checkFloating } from './check-dtype.ts';
import { dropoutMask } from './random.ts';

export interface DropoutOptions {
  /** Whether to drop anything: otherwise the input is the result. Default: true. */
  readonly training?: boolean;
  /** Where the numbers come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Entries set to zero at random, each with probability p, the others divided by `1 - p`, so that the mean stays.
 * Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
 *
 * @param x Any shape, floating dtype.
 * @throws GradtapeError if p is not from 0 to 1, or the dtype not floating.
 * @example
 * dropout(tensor([1, 2, 3]), 0.5, { training: false }); // [1, 2, 3]
 */
export function dropout<T extends Tensor>(x: T, p = 0.5, options: DropoutOptions = {}): Tensor<ShapeOf<T>> {
  return masked('dropout', x, x.shape, p, options) as Tensor<ShapeOf<T>>;
}

/** `dropout` of whole channels: the entries of one are dropped together. Shape `[N, C, length]` or `[C, length]`. */
export function dropout1d<T extends Tensor>(x: T, p = 0.5, options: DropoutOptions = {}): Tensor<ShapeOf<T>> {
  return masked('dropout1d', x, channelsOf('dropout1d', x, 1), p, options) as Tensor<ShapeOf<T>>;
}

/**
 * `dropout` of whole channels: the entries of one are dropped together, as neighbouring pixels tell much the same.
 * Tompson et al., 2015. Shape `[N, C, height, width]` or `[C, height, width]`.
 *
 * @throws GradtapeError if p is not from 0 to 1, or the tensor has other dims.
 */
export function dropout2d<T extends Tensor>(x: T, p = 0.5, options: DropoutOptions = {}): Tensor<ShapeOf<T>> {
  return masked('dropout2d', x, channelsOf('dropout2d', x, 2), p, options) as Tensor<ShapeOf<T>>;
}

/** {@link dropout2d} with `[depth, height, width]` as space. */
export function dropout3d<T extends Tensor>(x: T, p = 0.5, options: DropoutOptions = {}): Tensor<ShapeOf<T>> {
  return masked('dropout3d', x, channelsOf('dropout3d', x, 3), p, options) as Tensor<ShapeOf<T>>;
}

function masked(operation: string, x: Tensor, maskShape: Shape, p: number, options: DropoutOptions): Tensor {
  const { training = true, generator } = options;
  checkDropout(operation, x, p);
  if (!training || p === 0) return x;
  return mul<Tensor, Tensor>(x, dropoutMask(maskShape, p, { dtype: x.dtype, generator }));
}

/** Throws unless the dtype is floating, and p a probability. */
export function checkDropout(operation: string, x: Tensor, p: number): void {
  checkFloating(operation, x);
  if (p >= 0 && p <= 1) return;
  fail(`${operation}: not a probability`, {
    got: `p ${p}`,
    needs: 'a number from 0 to 1',
    fix: 'p is the share that is dropped; a share in percent is divided by 100 first',
  });
}

/** The shape with size one in the dims of space. */
function channelsOf(operation: string, x: Tensor, space: number): Shape {
  if (x.rank === space + 1 || x.rank === space + 2) return x.shape.map((size, d) => (d < x.rank - space ? size : 1));
  return fail(`${operation}: the input has not the right number of dims`, {
    got: `shape ${showShape(x.shape)}`,
    needs: `${space + 2} dims, or ${space + 1} without the batch`,
    fix: 'use dropout to drop single entries',
  });
}
