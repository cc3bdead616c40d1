import { allocate } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { entriesOf, sameShape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { checkWhole } from './check-dtype.ts';
import { scatter } from './gather.ts';
import { checkSpace, type PerDim, perDim } from './spatial.ts';

export interface UnpoolingOptions {
  /** How far the window moved. Default: its size. */
  readonly stride?: PerDim | null;
  /** How far windows reached beyond the image. Default: 0. */
  readonly padding?: PerDim;
  /** The size of the image, or all its sizes, where several lead to the same pooled one. Default: the one that windows fill. */
  readonly outputSize?: readonly number[] | null;
}

/**
 * Zeros with the entries that `maxPool1d` found where it found them: its way back, as far as there is one.
 *
 * @param x `[batch, channels, positions]`, or without the batch.
 * @param indices Of the same shape, dtype int32: as `maxPool1d` gives them with `returnIndices`.
 * @returns `[batch, channels, length]`, length = (positions - 1) stride - 2 padding + kernelSize.
 * @throws GradtapeError if the indices or the options do not fit.
 */
export function maxUnpool1d(x: Tensor, indices: Tensor, kernelSize: PerDim, options: UnpoolingOptions = {}): Tensor {
  return unpool('maxUnpool1d', 1, x, indices, kernelSize, options);
}

/**
 * Zeros with the entries that `maxPool2d` found where it found them: its way back, as far as there is one.
 *
 * @param x `[batch, channels, rows, columns]`, or without the batch.
 * @param indices Of the same shape, dtype int32: as `maxPool2d` gives them with `returnIndices`.
 * @returns `[batch, channels, height, width]`: in each dim (positions - 1) stride - 2 padding + kernelSize.
 * @throws GradtapeError if the indices or the options do not fit.
 * @example
 * const { values, indices } = maxPool2d(tensor([[[1, 2], [4, 3]]]), 2, { returnIndices: true });
 * maxUnpool2d(values, indices, 2); // [[[0, 0], [4, 0]]]
 */
export function maxUnpool2d(x: Tensor, indices: Tensor, kernelSize: PerDim, options: UnpoolingOptions = {}): Tensor {
  return unpool('maxUnpool2d', 2, x, indices, kernelSize, options);
}

/** {@link maxUnpool2d} with `[depth, height, width]` as space. */
export function maxUnpool3d(x: Tensor, indices: Tensor, kernelSize: PerDim, options: UnpoolingOptions = {}): Tensor {
  return unpool('maxUnpool3d', 3, x, indices, kernelSize, options);
}

function unpool(
  operation: string,
  dims: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: PerDim,
  options: UnpoolingOptions,
): Tensor {
  checkSpace(operation, x, dims);
  checkWhole(operation, indices);
  if (!sameShape(indices.shape, x.shape)) {
    fail(`${operation}: not an index for each entry`, {
      got: `indices ${showShape(indices.shape)} for a tensor of shape ${showShape(x.shape)}`,
      needs: showShape(x.shape),
      fix: 'take both from one pooling with returnIndices',
    });
  }
  const lead = x.shape.slice(0, -dims);
  const space = spaceOf(operation, dims, x, kernelSize, options);
  const flat = [...lead, entriesOf(x.shape.slice(-dims))];
  const empty = allocate([...lead, entriesOf(space)], x.dtype);
  return reshape(scatter(empty, lead.length, reshape(indices, flat), reshape(x, flat)), [...lead, ...space]);
}

/** The size of the image. */
function spaceOf(
  operation: string,
  dims: number,
  x: Tensor,
  kernelSize: PerDim,
  { stride = null, padding = 0, outputSize = null }: UnpoolingOptions,
): readonly number[] {
  const kernel = perDim(operation, 'kernelSize', kernelSize, dims, 1);
  const strides = stride === null ? kernel : perDim(operation, 'stride', stride, dims, 1);
  const margins = perDim(operation, 'padding', padding, dims, 0);
  const positions = x.shape.slice(-dims);
  const filled = positions.map((count, i) => (count - 1) * strides[i] - 2 * margins[i] + kernel[i]);
  if (outputSize === null) return filled;
  const wanted = outputSize.slice(-dims);
  const fits = wanted.length === dims && wanted.every((size, i) => Math.abs(size - filled[i]) < strides[i]);
  if (!fits || !wanted.every(Number.isInteger)) {
    fail(`${operation}: no image of that size leads here`, {
      got: `outputSize ${showShape(outputSize)}`,
      needs: filled.map((size, i) => `${size - strides[i] + 1} to ${size + strides[i] - 1}`).join(', '),
      fix: 'give the size of what was pooled',
    });
  }
  return wanted;
}
