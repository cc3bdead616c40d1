import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { div } from '../primitives/smooth/division.ts';
import { checkFloating } from './check-dtype.ts';
import { divideByCounts, largestOf, sumsOf } from './pooled-values.ts';
import { checkPooled, movingWindows, type Pooling } from './pooled-windows.ts';
import type { ValuesAndIndices } from './reductions.ts';
import { checkSpace, type PerDim, perDim } from './spatial.ts';

export interface PoolingOptions {
  /** How far the window moves. Default: its size, so that windows lie side by side. */
  readonly stride?: PerDim | null;
  /** How far windows reach beyond the input on both sides, at most half their size. Default: 0. */
  readonly padding?: PerDim;
  /** Whether a last window that does not fit whole counts, too. Default: false. */
  readonly ceilMode?: boolean;
}

export interface MaxPoolingOptions extends PoolingOptions {
  /** How far apart the entries lie that a window sees. Default: 1. */
  readonly dilation?: PerDim;
  /** Give the indices of the largest entries, too: where they lie in the flattened space. Default: false. */
  readonly returnIndices?: boolean;
}

/** What the options say of each dim of space. */
interface Settings {
  readonly poolings: readonly Pooling[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly number[];
}

function settingsOf(
  operation: string,
  dims: number,
  x: Tensor,
  kernelSize: PerDim,
  { stride = null, padding = 0, dilation = 1, ceilMode = false }: MaxPoolingOptions,
): Settings {
  checkSpace(operation, x, dims);
  const kernel = perDim(operation, 'kernelSize', kernelSize, dims, 1);
  const strides = stride === null ? kernel : perDim(operation, 'stride', stride, dims, 1);
  const margins = perDim(operation, 'padding', padding, dims, 0);
  const dilations = perDim(operation, 'dilation', dilation, dims, 1);
  const space = x.shape.slice(-dims);
  const spans = kernel.map((size, i) => dilations[i] * (size - 1) + 1);
  if (margins.some((margin, i) => 2 * margin > spans[i])) {
    fail(`${operation}: a window could lie wholly in the padding`, {
      got: `padding ${showShape(margins)} for windows that span ${showShape(spans)}`,
      needs: 'at most half of what the window spans',
      fix: 'pad less, or call pad(…) first',
    });
  }
  const positions = space.map((size, i) =>
    positionsIn(size + 2 * margins[i], spans[i], strides[i], ceilMode, margins[i]),
  );
  const poolings = space.map((size, i) =>
    movingWindows(size, { size: kernel[i], stride: strides[i], dilation: dilations[i] }, margins[i], positions[i]),
  );
  checkPooled(operation, space, poolings);
  return { poolings, kernel, strides, padding: margins };
}

/** How many windows there are. One that begins behind the input, in the padding, does not count. */
function positionsIn(size: number, span: number, stride: number, ceilMode: boolean, margin: number): number {
  const steps = (size - span) / stride;
  if (!ceilMode || steps < 0) return Math.max(0, Math.floor(steps) + 1);
  const count = Math.ceil(steps) + 1;
  return (count - 1) * stride >= size - margin ? count - 1 : count;
}

/**
 * The largest entry of every window. The derivative goes to the first of the largest ones; the padding never counts.
 *
 * @param x `[batch, channels, length]`, or without the batch.
 * @returns `[batch, channels, positions]`, positions = ⌊(length + 2 padding - dilation (kernelSize - 1) - 1) / stride⌋ + 1.
 * @throws GradtapeError if the options do not fit the input.
 */
export function maxPool1d(
  x: Tensor,
  kernelSize: PerDim,
  options: MaxPoolingOptions & { readonly returnIndices: true },
): ValuesAndIndices;
export function maxPool1d(
  x: Tensor,
  kernelSize: PerDim,
  options?: MaxPoolingOptions & { readonly returnIndices?: false },
): Tensor;
export function maxPool1d(x: Tensor, kernelSize: PerDim, options: MaxPoolingOptions = {}): Tensor | ValuesAndIndices {
  return maxPool('maxPool1d', 1, x, kernelSize, options);
}

/**
 * The largest entry of every window. The derivative goes to the first of the largest ones; the padding never counts.
 *
 * @param x `[batch, channels, height, width]`, or without the batch.
 * @returns `[batch, channels, rows, columns]`: in each dim ⌊(size + 2 padding - dilation (kernelSize - 1) - 1) / stride⌋ + 1.
 * @throws GradtapeError if the options do not fit the input.
 * @example
 * maxPool2d(tensor([[[1, 2], [3, 4]]]), 2); // [[[4]]]
 */
export function maxPool2d(
  x: Tensor,
  kernelSize: PerDim,
  options: MaxPoolingOptions & { readonly returnIndices: true },
): ValuesAndIndices;
export function maxPool2d(
  x: Tensor,
  kernelSize: PerDim,
  options?: MaxPoolingOptions & { readonly returnIndices?: false },
): Tensor;
export function maxPool2d(x: Tensor, kernelSize: PerDim, options: MaxPoolingOptions = {}): Tensor | ValuesAndIndices {
  return maxPool('maxPool2d', 2, x, kernelSize, options);
}

/** {@link maxPool2d} with `[depth, height, width]` as space. */
export function maxPool3d(
  x: Tensor,
  kernelSize: PerDim,
  options: MaxPoolingOptions & { readonly returnIndices: true },
): ValuesAndIndices;
export function maxPool3d(
  x: Tensor,
  kernelSize: PerDim,
  options?: MaxPoolingOptions & { readonly returnIndices?: false },
): Tensor;
export function maxPool3d(x: Tensor, kernelSize: PerDim, options: MaxPoolingOptions = {}): Tensor | ValuesAndIndices {
  return maxPool('maxPool3d', 3, x, kernelSize, options);
}

function maxPool(
  operation: string,
  dims: number,
  x: Tensor,
  kernelSize: PerDim,
  options: MaxPoolingOptions,
): Tensor | ValuesAndIndices {
  const { poolings } = settingsOf(operation, dims, x, kernelSize, options);
  const { values, indices } = largestOf(x, poolings);
  return options.returnIndices ? { values, indices } : values;
}

export interface AveragePoolingOptions extends PoolingOptions {
  /** Whether zeros of the padding count among the entries of a window. Default: true. */
  readonly countIncludePad?: boolean;
}

export interface DividedPoolingOptions extends AveragePoolingOptions {
  /** What sums are divided by, instead of the number of entries. Default: none. */
  readonly divisorOverride?: number | null;
}

/**
 * The mean of every window.
 *
 * @param x `[batch, channels, length]`, or without the batch.
 * @returns `[batch, channels, positions]`, positions = ⌊(length + 2 padding - kernelSize) / stride⌋ + 1.
 * @throws GradtapeError if the options do not fit the input.
 */
export function avgPool1d(x: Tensor, kernelSize: PerDim, options: AveragePoolingOptions = {}): Tensor {
  return averagePool('avgPool1d', 1, x, kernelSize, options);
}

/**
 * The mean of every window.
 *
 * @param x `[batch, channels, height, width]`, or without the batch.
 * @returns `[batch, channels, rows, columns]`: in each dim ⌊(size + 2 padding - kernelSize) / stride⌋ + 1.
 * @throws GradtapeError if the options do not fit the input.
 */
export function avgPool2d(x: Tensor, kernelSize: PerDim, options: DividedPoolingOptions = {}): Tensor {
  return averagePool('avgPool2d', 2, x, kernelSize, options);
}

/** {@link avgPool2d} with `[depth, height, width]` as space. */
export function avgPool3d(x: Tensor, kernelSize: PerDim, options: DividedPoolingOptions = {}): Tensor {
  return averagePool('avgPool3d', 3, x, kernelSize, options);
}

/** The mean of every window over the last `dims` dims. */
export function averagePool(
  operation: string,
  dims: number,
  x: Tensor,
  kernelSize: PerDim,
  options: DividedPoolingOptions,
): Tensor {
  checkFloating(operation, x);
  const { divisorOverride = null, countIncludePad = true } = options;
  if (divisorOverride === 0) {
    fail(`${operation}: sums cannot be divided by zero`, {
      got: 'divisorOverride 0',
      needs: 'another number, or null',
      fix: 'leave it out to divide by the number of entries',
    });
  }
  const { poolings, kernel, strides, padding } = settingsOf(operation, dims, x, kernelSize, options);
  const sums = sumsOf(x, poolings);
  if (divisorOverride !== null) return div(sums, divisorOverride);
  const counts = poolings.map(({ seen }, i) =>
    seen.map(({ length }, at) => {
      if (!countIncludePad) return length;
      const start = at * strides[i] - padding[i];
      return Math.min(start + kernel[i], x.shape[x.rank - dims + i] + padding[i]) - start;
    }),
  );
  return divideByCounts(sums, counts);
}
