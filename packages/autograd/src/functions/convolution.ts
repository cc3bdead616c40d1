import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { positionsOf, type Window } from '../primitives/linear/windows.ts';
import { checkOperands, withBatch, withBias } from './convolution-operands.ts';
import { convolved } from './convolved.ts';
import { checkFit, type PerDim, perDim, windowsFor } from './spatial.ts';

export interface ConvolutionOptions {
  /** How far the kernel moves, for all dims of space or for each. Default: 1. */
  readonly stride?: PerDim;
  /**
   * Zeros on both sides of the input; `'same'` so many that the output is as large as the input (stride 1 only),
   * `'valid'` none. Default: 0.
   */
  readonly padding?: PerDim | 'same' | 'valid';
  /** How far apart the entries lie that the kernel sees. Default: 1. */
  readonly dilation?: PerDim;
  /** Input and output channels fall into so many groups, each with its own part of the weight. Default: 1. */
  readonly groups?: number;
}

/**
 * One-dimensional convolution, without turning the kernel round (cross-correlation), as in PyTorch.
 *
 * @param x `[batch, channels, length]`, or without the batch.
 * @param weight `[outChannels, channels / groups, kernel]`.
 * @param bias `[outChannels]`.
 * @returns `[batch, outChannels, positions]`, positions = ⌊(length + 2 padding - dilation (kernel - 1) - 1) / stride⌋ + 1.
 * @throws GradtapeError if shapes, dtypes or options do not fit together.
 */
export function conv1d(x: Tensor, weight: Tensor, bias?: Tensor | null, options?: ConvolutionOptions): Tensor {
  return convolve('conv1d', 1, x, weight, bias, options);
}

/**
 * Two-dimensional convolution, without turning the kernel round (cross-correlation), as in PyTorch:
 * `out[n, o, i, j] = bias[o] + Σ x[n, c, i·stride + k·dilation - padding, …] · weight[o, c, k, l]`.
 *
 * The weight multiplies a matrix of the windows side by side (im2col), those of one image at a time. In a compiled program
 * they are not copied, but read where they lie.
 *
 * @param x `[batch, channels, height, width]`, or without the batch.
 * @param weight `[outChannels, channels / groups, kernelHeight, kernelWidth]`.
 * @param bias `[outChannels]`.
 * @returns `[batch, outChannels, rows, columns]`: in each dim ⌊(size + 2 padding - dilation (kernel - 1) - 1) / stride⌋ + 1.
 * @throws GradtapeError if shapes, dtypes or options do not fit together.
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor | null, options?: ConvolutionOptions): Tensor {
  return convolve('conv2d', 2, x, weight, bias, options);
}

/** Three-dimensional convolution: {@link conv2d} with `[depth, height, width]` as space. */
export function conv3d(x: Tensor, weight: Tensor, bias?: Tensor | null, options?: ConvolutionOptions): Tensor {
  return convolve('conv3d', 3, x, weight, bias, options);
}

function convolve(
  operation: string,
  dims: number,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvolutionOptions = {},
): Tensor {
  const [outChannels, share] = weight.shape;
  checkOperands(operation, dims, { x, weight, bias }, { groups, channels: share * groups, outChannels });
  const strides = perDim(operation, 'stride', stride, dims, 1);
  const windows = windowsFor(weight.shape.slice(2), strides, perDim(operation, 'dilation', dilation, dims, 1));
  const margins = marginsFor(operation, padding, windows);
  const input = withBatch(x, dims);
  const space = input.shape.slice(2).map((size, i) => margins[i][0] + size + margins[i][1]);
  checkFit(operation, space, windows);

  const sizes = {
    ...{ batch: input.shape[0], groups, channels: share, filters: outChannels / groups },
    dims: windows.map(({ size: kernel, stride, dilation }, i) => {
      const [before, after] = margins[i];
      const positions = positionsOf(space[i], windows[i]);
      return { size: input.shape[2 + i], before, after, kernel, stride, dilation, positions };
    }),
  };
  return withBias(convolved(input, weight, { name: operation, sizes }), bias, x);
}

/** The zeros before and after each dim of space. */
function marginsFor(
  operation: string,
  padding: PerDim | 'same' | 'valid',
  windows: readonly Window[],
): (readonly [number, number])[] {
  if (padding === 'valid') return windows.map(() => [0, 0]);
  if (padding !== 'same') {
    return perDim(operation, 'padding', padding, windows.length, 0).map((margin) => [margin, margin]);
  }
  if (windows.some(({ stride }) => stride !== 1)) {
    fail(`${operation}: padding 'same' with a stride`, {
      got: `stride ${showShape(windows.map(({ stride }) => stride))}`,
      needs: 'stride 1',
      fix: 'give the padding in numbers',
    });
  }
  return windows.map(({ size, dilation }) => {
    const margin = dilation * (size - 1);
    return [Math.floor(margin / 2), Math.ceil(margin / 2)];
  });
}
