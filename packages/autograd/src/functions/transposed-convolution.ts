import { fail } from '../core/errors.ts';
import { type Shape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Window } from '../primitives/linear/windows.ts';
import { checkOperands, withBatch, withBias } from './convolution-operands.ts';
import { convolvedBack } from './convolved.ts';
import { type PerDim, perDim, windowsFor } from './spatial.ts';

export interface TransposedConvolutionOptions {
  /** The stride of the convolution that this is the transpose of. Default: 1. */
  readonly stride?: PerDim;
  /** Its padding: so much is cut off on both sides of the output. Default: 0. */
  readonly padding?: PerDim;
  /** So much is added at the end of the output; less than stride or dilation. Default: 0. */
  readonly outputPadding?: PerDim;
  /** Its groups. Default: 1. */
  readonly groups?: number;
  /** Its dilation. Default: 1. */
  readonly dilation?: PerDim;
}

/**
 * The transpose of `conv1d`, as its gradient by the input computes it.
 *
 * @param x `[batch, channels, length]`, or without the batch.
 * @param weight `[channels, outChannels / groups, kernel]`.
 * @param bias `[outChannels]`.
 * @returns `[batch, outChannels, (length - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1]`.
 * @throws GradtapeError if shapes, dtypes or options do not fit together.
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options?: TransposedConvolutionOptions,
): Tensor {
  return convolveTransposed('convTranspose1d', 1, x, weight, bias, options);
}

/**
 * The transpose of `conv2d`, as its gradient by the input computes it: every entry of `x` puts the kernel, times
 * itself, onto the output.
 *
 * @param x `[batch, channels, height, width]`, or without the batch.
 * @param weight `[channels, outChannels / groups, kernelHeight, kernelWidth]`.
 * @param bias `[outChannels]`.
 * @returns `[batch, outChannels, …]`: in each dim (size - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1.
 * @throws GradtapeError if shapes, dtypes or options do not fit together.
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options?: TransposedConvolutionOptions,
): Tensor {
  return convolveTransposed('convTranspose2d', 2, x, weight, bias, options);
}

/** The transpose of `conv3d`: {@link convTranspose2d} with `[depth, height, width]` as space. */
export function convTranspose3d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options?: TransposedConvolutionOptions,
): Tensor {
  return convolveTransposed('convTranspose3d', 3, x, weight, bias, options);
}

function convolveTransposed(
  operation: string,
  dims: number,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  { stride = 1, padding = 0, outputPadding = 0, groups = 1, dilation = 1 }: TransposedConvolutionOptions = {},
): Tensor {
  const [channels, share] = weight.shape;
  const outChannels = share * groups;
  checkOperands(operation, dims, { x, weight, bias }, { groups, channels, outChannels });
  const strides = perDim(operation, 'stride', stride, dims, 1);
  const windows = windowsFor(weight.shape.slice(2), strides, perDim(operation, 'dilation', dilation, dims, 1));
  const cut = perDim(operation, 'padding', padding, dims, 0);
  const added = perDim(operation, 'outputPadding', outputPadding, dims, 0);
  checkAdded(operation, added, windows);

  const source = withBatch(x, dims);
  const sizes = {
    ...{ batch: source.shape[0], groups, channels: share, filters: channels / groups },
    dims: windows.map(({ size: kernel, stride, dilation }, i) => {
      const positions = source.shape[2 + i];
      const seen = (positions - 1) * stride + dilation * (kernel - 1) + 1;
      const size = seen + added[i] - 2 * cut[i];
      return { size, before: cut[i], after: cut[i], kernel, stride, dilation, positions };
    }),
  };
  const space = sizes.dims.map(({ size }) => size);
  checkOutput(operation, space, x.shape);
  return withBias(convolvedBack(source, weight, { name: operation, sizes }), bias, x);
}

function checkAdded(operation: string, added: readonly number[], windows: readonly Window[]): void {
  if (added.every((each, i) => each < Math.max(windows[i].stride, windows[i].dilation))) return;
  fail(`${operation}: outputPadding is too large`, {
    got: `outputPadding ${showShape(added)}, stride ${showShape(windows.map((w) => w.stride))}`,
    needs: 'less than stride or dilation, in each dim',
    fix: 'it only chooses between sizes that the stride cannot tell apart; use pad to add more',
  });
}

function checkOutput(operation: string, space: Shape, input: Shape): void {
  if (space.every((size) => size > 0)) return;
  fail(`${operation}: the padding cuts off everything`, {
    got: `input ${showShape(input)} and an output space of ${showShape(space)}`,
    needs: 'an output that is not empty',
    fix: 'pad less',
  });
}
