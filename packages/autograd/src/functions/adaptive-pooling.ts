import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { checkFloating } from './check-dtype.ts';
import { divideByCounts, largestOf, sumsOf } from './pooled-values.ts';
import { checkPooled, evenWindows, type Pooling } from './pooled-windows.ts';
import type { ValuesAndIndices } from './reductions.ts';
import { checkSpace } from './spatial.ts';

/** The size of the output: one for all dims of space, or one for each; null keeps the input's. */
export type OutputSize = number | readonly (number | null)[];

function poolingsOf(operation: string, dims: number, x: Tensor, outputSize: OutputSize): Pooling[] {
  checkSpace(operation, x, dims);
  const sizes = typeof outputSize === 'number' ? new Array<number>(dims).fill(outputSize) : outputSize;
  if (sizes.length !== dims || !sizes.every((size) => size === null || (Number.isInteger(size) && size >= 1))) {
    fail(`${operation}: outputSize does not fit`, {
      got: `${typeof outputSize === 'number' ? outputSize : `[${sizes.join(', ')}]`} for an input ${showShape(x.shape)}`,
      needs: dims === 1 ? 'a whole number from 1' : `whole numbers from 1: one for all, or ${dims}`,
      fix: 'null keeps the size of a dim',
    });
  }
  const space = x.shape.slice(-dims);
  const poolings = space.map((size, i) => evenWindows(size, sizes[i] ?? size));
  checkPooled(operation, space, poolings);
  return poolings;
}

/**
 * Means over windows that share the input evenly: window i reaches from ⌊i size / outputSize⌋ to
 * ⌈(i + 1) size / outputSize⌉.
 *
 * @param x `[batch, channels, length]`, or without the batch.
 * @returns `[batch, channels, outputSize]`.
 * @throws GradtapeError if the size does not fit.
 */
export function adaptiveAvgPool1d(x: Tensor, outputSize: OutputSize): Tensor {
  return adaptiveAverage('adaptiveAvgPool1d', 1, x, outputSize);
}

/**
 * Means over windows that share the input evenly: in each dim window i reaches from ⌊i size / outputSize⌋ to
 * ⌈(i + 1) size / outputSize⌉. `adaptiveAvgPool2d(x, 1)` is the mean of every channel.
 *
 * @param x `[batch, channels, height, width]`, or without the batch.
 * @returns `[batch, channels, …outputSize]`.
 * @throws GradtapeError if the size does not fit.
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: OutputSize): Tensor {
  return adaptiveAverage('adaptiveAvgPool2d', 2, x, outputSize);
}

/** {@link adaptiveAvgPool2d} with `[depth, height, width]` as space. */
export function adaptiveAvgPool3d(x: Tensor, outputSize: OutputSize): Tensor {
  return adaptiveAverage('adaptiveAvgPool3d', 3, x, outputSize);
}

/** Means over windows that share the last `dims` dims evenly. */
export function adaptiveAverage(operation: string, dims: number, x: Tensor, outputSize: OutputSize): Tensor {
  checkFloating(operation, x);
  const poolings = poolingsOf(operation, dims, x, outputSize);
  return divideByCounts(
    sumsOf(x, poolings),
    poolings.map(({ seen }) => seen.map(({ length }) => length)),
  );
}

export interface AdaptiveMaxPoolingOptions {
  /** Give the indices of the largest entries, too: where they lie in the flattened space. Default: false. */
  readonly returnIndices?: boolean;
}
type WithIndices = AdaptiveMaxPoolingOptions & { readonly returnIndices: true };
type WithoutIndices = AdaptiveMaxPoolingOptions & { readonly returnIndices?: false };

/**
 * The largest entries of windows that share the input evenly, as in {@link adaptiveAvgPool1d}. The derivative goes to the
 * first of the largest ones.
 *
 * @param x `[batch, channels, length]`, or without the batch.
 * @returns `[batch, channels, outputSize]`.
 * @throws GradtapeError if the size does not fit.
 */
export function adaptiveMaxPool1d(x: Tensor, outputSize: OutputSize, options: WithIndices): ValuesAndIndices;
export function adaptiveMaxPool1d(x: Tensor, outputSize: OutputSize, options?: WithoutIndices): Tensor;
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: OutputSize,
  options: AdaptiveMaxPoolingOptions = {},
): Tensor | ValuesAndIndices {
  return adaptiveMax('adaptiveMaxPool1d', 1, x, outputSize, options);
}

/**
 * The largest entries of windows that share the input evenly, as in {@link adaptiveAvgPool2d}. The derivative goes to the
 * first of the largest ones.
 *
 * @param x `[batch, channels, height, width]`, or without the batch.
 * @returns `[batch, channels, …outputSize]`.
 * @throws GradtapeError if the size does not fit.
 */
export function adaptiveMaxPool2d(x: Tensor, outputSize: OutputSize, options: WithIndices): ValuesAndIndices;
export function adaptiveMaxPool2d(x: Tensor, outputSize: OutputSize, options?: WithoutIndices): Tensor;
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: OutputSize,
  options: AdaptiveMaxPoolingOptions = {},
): Tensor | ValuesAndIndices {
  return adaptiveMax('adaptiveMaxPool2d', 2, x, outputSize, options);
}

/** {@link adaptiveMaxPool2d} with `[depth, height, width]` as space. */
export function adaptiveMaxPool3d(x: Tensor, outputSize: OutputSize, options: WithIndices): ValuesAndIndices;
export function adaptiveMaxPool3d(x: Tensor, outputSize: OutputSize, options?: WithoutIndices): Tensor;
export function adaptiveMaxPool3d(
  x: Tensor,
  outputSize: OutputSize,
  options: AdaptiveMaxPoolingOptions = {},
): Tensor | ValuesAndIndices {
  return adaptiveMax('adaptiveMaxPool3d', 3, x, outputSize, options);
}

function adaptiveMax(
  operation: string,
  dims: number,
  x: Tensor,
  outputSize: OutputSize,
  { returnIndices = false }: AdaptiveMaxPoolingOptions,
): Tensor | ValuesAndIndices {
  const { values, indices } = largestOf(x, poolingsOf(operation, dims, x, outputSize));
  return returnIndices ? { values, indices } : values;
}
