import { fail } from '../core/errors.ts';
import { entriesOf, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { foldWindows, positionsOf, type Window, windowsOf } from '../primitives/linear/windows.ts';
import { checkFit, checkSpace, type PerDim, padSpace, perDim, windowsFor } from './spatial.ts';

export interface UnfoldOptions {
  /** How far apart the entries lie that a window sees. Default: 1. */
  readonly dilation?: PerDim;
  /** Zeros on both sides of the input. Default: 0. */
  readonly padding?: PerDim;
  /** How far a window moves. Default: 1. */
  readonly stride?: PerDim;
}

interface Settings {
  readonly windows: readonly Window[];
  readonly margins: readonly (readonly [number, number])[];
}

function settingsOf(operation: string, kernelSize: PerDim, options: UnfoldOptions): Settings {
  const { dilation = 1, padding = 0, stride = 1 } = options;
  const windows = windowsFor(
    perDim(operation, 'kernelSize', kernelSize, 2, 1),
    perDim(operation, 'stride', stride, 2, 1),
    perDim(operation, 'dilation', dilation, 2, 1),
  );
  const margins = perDim(operation, 'padding', padding, 2, 0).map((margin): [number, number] => [margin, margin]);
  return { windows, margins };
}

/**
 * Every window of an image as a column (im2col), from left to right and top to bottom.
 *
 * @param x `[batch, channels, height, width]`, or without the batch.
 * @returns `[batch, channels · kernelHeight · kernelWidth, positions]`.
 * @throws GradtapeError if the options do not fit, or the kernel is larger than the padded input.
 */
export function unfold(x: Tensor, kernelSize: PerDim, options: UnfoldOptions = {}): Tensor {
  checkSpace('unfold', x, 2);
  const { windows, margins } = settingsOf('unfold', kernelSize, options);
  const lead = x.shape.slice(0, -3);
  const padded = padSpace(x, margins);
  checkFit('unfold', padded.shape.slice(-2), windows);
  const seen = windowsOf(padded, windows);
  const [channels, rows, columns, height, width] = seen.shape.slice(-5);
  const first = lead.length;
  const order = [...lead.keys(), first, first + 3, first + 4, first + 1, first + 2];
  return reshape(permuteDims(seen, order), [...lead, channels * height * width, rows * columns]);
}

/**
 * The transpose of {@link unfold}: adds every column back to where its window was.
 *
 * @param x `[batch, channels · kernelHeight · kernelWidth, positions]`, or without the batch.
 * @param outputSize Height and width of the image.
 * @returns `[batch, channels, height, width]`.
 * @throws GradtapeError if the columns are not as many, or not as long, as the windows of such an image.
 */
export function fold(x: Tensor, outputSize: PerDim, kernelSize: PerDim, options: UnfoldOptions = {}): Tensor {
  const { windows, margins } = settingsOf('fold', kernelSize, options);
  const space = perDim('fold', 'outputSize', outputSize, 2, 1).map((size, i) => size + 2 * margins[i][0]);
  checkFit('fold', space, windows);
  const positions = windows.map((window, i) => positionsOf(space[i], window));
  const kernel = windows.map(({ size }) => size);
  const lead = x.shape.slice(0, -2);
  const [entries, count] = x.shape.slice(-2);
  const channels = entries / entriesOf(kernel);
  if (lead.length > 1 || !Number.isInteger(channels) || count !== entriesOf(positions)) {
    fail('fold: the columns do not fit the image', {
      got: `shape ${showShape(x.shape)}, for an image of ${showShape(space)} with the padding`,
      needs: `[batch, channels · ${entriesOf(kernel)}, ${entriesOf(positions)}], with or without the batch`,
      fix: 'use the same options as for unfold; outputSize is the size before the padding',
    });
  }
  const apart = reshape(x, [...lead, channels, ...kernel, ...positions]);
  const first = lead.length;
  const order = [...lead.keys(), first, first + 3, first + 4, first + 1, first + 2];
  const whole = foldWindows(permuteDims(apart, order), [...lead, channels, ...space], windows);
  return padSpace(
    whole,
    margins.map(([before, after]) => [-before, -after]),
  );
}
