// Convolution by its definition: windows, whose columns a matrix product takes.
import { entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ConvolutionSizes } from '../kernels/convolve.ts';
import { multiplyMatrices } from '../primitives/bilinear/matmul.ts';
import { permuteDims, transposeMatrix } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { foldWindows, positionsOf, type Window, windowsOf } from '../primitives/linear/windows.ts';
import { padSpace, windowsFor } from './spatial.ts';

/** y: the filters times the columns. */
export function convolvedByProducts(x: Tensor, weight: Tensor, sizes: ConvolutionSizes): Tensor {
  const product = multiplyMatrices(filtersOf(weight, sizes), columnsOf(x, sizes));
  const { batch, groups, filters } = sizes;
  return batchFirst(reshape(product, [groups * filters, batch, ...positionsIn(sizes)]));
}

/** x: the columns that the transposed filters make of y, added back to where their windows were. */
export function convolvedBackByProducts(y: Tensor, weight: Tensor, sizes: ConvolutionSizes): Tensor {
  const columns = multiplyMatrices(transposeMatrix(filtersOf(weight, sizes)), outputMatrix(y, sizes));
  return foldColumns(columns, sizes);
}

/** The weight: y times the transposed columns. */
export function convolvedWeightByProducts(x: Tensor, y: Tensor, sizes: ConvolutionSizes): Tensor {
  const { groups, filters, channels, dims } = sizes;
  const product = multiplyMatrices(outputMatrix(y, sizes), transposeMatrix(columnsOf(x, sizes)));
  return reshape(product, [groups * filters, channels, ...dims.map(({ kernel }) => kernel)]);
}

/** `[groups, filters, channels · kernel]` */
function filtersOf(weight: Tensor, { groups, filters }: ConvolutionSizes): Tensor {
  return reshape(weight, [groups, filters, entriesOf(weight.shape.slice(1))]);
}

/** `[groups, filters, batch · positions]` */
function outputMatrix(y: Tensor, sizes: ConvolutionSizes): Tensor {
  const { batch, groups, filters } = sizes;
  return reshape(batchFirst(y), [groups, filters, batch * entriesOf(positionsIn(sizes))]);
}

/**
 * Every window as a column, `[groups, channels · kernel, batch · positions]`. The positions lie innermost, so that the copy
 * runs along memory, and the batch beside them, so that one product serves all.
 */
function columnsOf(x: Tensor, sizes: ConvolutionSizes): Tensor {
  const { batch, groups, channels, dims } = sizes;
  const seen = windowsOf(padSpace(x, marginsOf(sizes)), windowsIn(sizes));
  const positions = dims.map((_, i) => 2 + i);
  const kernel = positions.map((d) => d + dims.length);
  const rows = channels * entriesOf(dims.map((dim) => dim.kernel));
  const columns = batch * entriesOf(positionsIn(sizes));
  return reshape(permuteDims(seen, [1, ...kernel, 0, ...positions]), [groups, rows, columns]);
}

/** Adds columns back to where their windows were: `[batch, groups · channels, …size]`. */
function foldColumns(columns: Tensor, sizes: ConvolutionSizes): Tensor {
  const { batch, groups, channels, dims } = sizes;
  const count = dims.length;
  const kernel = dims.map((dim) => dim.kernel);
  const apart = reshape(columns, [groups * channels, ...kernel, batch, ...positionsIn(sizes)]);
  const every = dims.map((_, i) => i);
  const order = [1 + count, 0, ...every.map((i) => 2 + count + i), ...every.map((i) => 1 + i)];
  const margins = marginsOf(sizes);
  const space = dims.map(({ size }, i) => margins[i][0] + size + margins[i][1]);
  const whole = foldWindows(permuteDims(apart, order), [batch, groups * channels, ...space], windowsIn(sizes));
  return padSpace(
    whole,
    margins.map(([before, after]) => [-before, -after]),
  );
}

function positionsIn({ dims }: ConvolutionSizes): Shape {
  return dims.map(({ positions }) => positions);
}

function windowsIn({ dims }: ConvolutionSizes): Window[] {
  return windowsFor(
    dims.map(({ kernel }) => kernel),
    dims.map(({ stride }) => stride),
    dims.map(({ dilation }) => dilation),
  );
}

/** The zeros before and after each dim of space: fewer behind, or less than none, where windows would fit more often. */
function marginsOf(sizes: ConvolutionSizes): (readonly [number, number])[] {
  const windows = windowsIn(sizes);
  return sizes.dims.map(({ size, before, after, kernel, stride, dilation, positions }, i) => {
    const fit = positionsOf(before + size + after, windows[i]);
    const seen = (positions - 1) * stride + dilation * (kernel - 1) + 1;
    return [before, fit === positions ? after : seen - before - size];
  });
}

/** `[channels, batch, …]` as `[batch, channels, …]`, and the other way round. */
function batchFirst(x: Tensor): Tensor {
  return permuteDims(
    x,
    x.shape.map((_, d) => (d < 2 ? 1 - d : d)),
  );
}
