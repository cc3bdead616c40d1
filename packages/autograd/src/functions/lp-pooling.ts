import { fail } from '../core/errors.ts';
import { entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { power } from '../primitives/piecewise/power.ts';
import { averagePool, type PoolingOptions } from './pooling.ts';
import { flatAtZero } from './reductions.ts';
import { type PerDim, perDim } from './spatial.ts';

/** Windows of powers are not padded. */
export type PowerPoolingOptions = Omit<PoolingOptions, 'padding'>;

/**
 * `(Σ xᵖ)^(1/p)` over every window; a last one that does not fit whole is scaled up to the others. Its derivative where it
 * is zero is zero.
 *
 * @param x `[batch, channels, length]`, or without the batch.
 * @param normType The power p; not 0.
 * @returns `[batch, channels, positions]`, positions = ⌊(length - kernelSize) / stride⌋ + 1.
 * @throws GradtapeError if the options do not fit the input, or the power is 0.
 * @example
 * lpPool1d(tensor([[3, 4, 6, 8]]), 2, 2); // [[5, 10]]
 */
export function lpPool1d(x: Tensor, normType: number, kernelSize: PerDim, options: PowerPoolingOptions = {}): Tensor {
  return powerPool('lpPool1d', 1, x, normType, kernelSize, options);
}

/**
 * {@link lpPool1d} in two dims.
 *
 * @param x `[batch, channels, height, width]`, or without the batch.
 * @returns `[batch, channels, rows, columns]`: in each dim ⌊(size - kernelSize) / stride⌋ + 1.
 * @throws GradtapeError as {@link lpPool1d}.
 */
export function lpPool2d(x: Tensor, normType: number, kernelSize: PerDim, options: PowerPoolingOptions = {}): Tensor {
  return powerPool('lpPool2d', 2, x, normType, kernelSize, options);
}

/** {@link lpPool2d} with `[depth, height, width]` as space. */
export function lpPool3d(x: Tensor, normType: number, kernelSize: PerDim, options: PowerPoolingOptions = {}): Tensor {
  return powerPool('lpPool3d', 3, x, normType, kernelSize, options);
}

function powerPool(
  operation: string,
  dims: number,
  x: Tensor,
  p: number,
  kernelSize: PerDim,
  options: PowerPoolingOptions,
): Tensor {
  if (!(p !== 0 && Number.isFinite(p))) {
    fail(`${operation}: not a power`, {
      got: `normType ${p}`,
      needs: 'a finite number other than 0',
      fix: 'maxPool2d is the limit of large powers',
    });
  }
  const { stride, ceilMode } = options;
  const means = averagePool(operation, dims, power(x, p), kernelSize, { stride, ceilMode });
  const count = entriesOf(perDim(operation, 'kernelSize', kernelSize, dims, 1));
  return flatAtZero(mul(means, count), (sums) => power(sums, 1 / p));
}
