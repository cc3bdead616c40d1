// What convolution, pooling and unfolding have in common: the last dims of a tensor are space, and windows move over them.
import { fail } from '../core/errors.ts';
import { type Shape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Window } from '../primitives/linear/windows.ts';
import { padZeros } from './movement.ts';

/** One number for all dims of space, or one for each. */
export type PerDim = number | readonly number[];

/** An option of an operation, as one whole number for each of `dims` dims of space. */
export function perDim(
  operation: string,
  option: string,
  value: PerDim,
  dims: number,
  lowest: number,
): readonly number[] {
  const list = typeof value === 'number' ? new Array<number>(dims).fill(value) : value;
  if (list.length !== dims || !list.every((each) => Number.isInteger(each) && each >= lowest)) {
    fail(`${operation}: ${option} does not fit`, {
      got: typeof value === 'number' ? `${value}` : showShape(list),
      needs: dims === 1 ? `a whole number from ${lowest}` : `whole numbers from ${lowest}: one for all, or ${dims}`,
      fix: `${option}: ${dims === 1 ? Math.max(lowest, 1) : `[${new Array(dims).fill(Math.max(lowest, 1)).join(', ')}]`}`,
    });
  }
  return list;
}

/** The windows of a kernel, one for each dim of space. */
export function windowsFor(
  sizes: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
): Window[] {
  return sizes.map((size, i) => ({ size, stride: strides[i], dilation: dilations[i] }));
}

/** Zeros before and after the last dims. */
export function padSpace(x: Tensor, margins: readonly (readonly [before: number, after: number])[]): Tensor {
  if (margins.every(([before, after]) => before === 0 && after === 0)) return x;
  const lead = new Array<readonly [number, number]>(x.rank - margins.length).fill([0, 0]);
  return padZeros(x, [...lead, ...margins]);
}

/** Throws unless every window, with the dilation, fits into the space. */
export function checkFit(operation: string, space: Shape, windows: readonly Window[]): void {
  const spans = windows.map(({ size, dilation }) => dilation * (size - 1) + 1);
  if (spans.every((span, i) => span <= space[i])) return;
  fail(`${operation}: the kernel is larger than the input`, {
    got: `a kernel that spans ${showShape(spans)}, on a space of ${showShape(space)} with the padding`,
    needs: 'a kernel that fits into it',
    fix: 'pad more, take a smaller kernel, or check that the last dims are the space',
  });
}

/** Throws unless a tensor is `[channels, …space]` or `[batch, channels, …space]`. */
export function checkSpace(operation: string, x: Tensor, dims: number): void {
  if (x.rank === dims + 1 || x.rank === dims + 2) return;
  const space = ['[length]', '[height, width]', '[depth, height, width]'][dims - 1].slice(1, -1);
  fail(`${operation}: the input has not the right number of dims`, {
    got: `shape ${showShape(x.shape)}`,
    needs: `[batch, channels, ${space}], or [channels, ${space}]`,
    fix: 'unsqueeze(0) adds a batch, unsqueeze(1) a channel',
  });
}
