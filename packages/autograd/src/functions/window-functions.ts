import { constant } from '../core/allocate.ts';
import { isFloating, newStorage } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { convert } from '../primitives/linear/convert.ts';
import { i0 } from '../primitives/piecewise/bessel.ts';
import { div } from '../primitives/smooth/division.ts';
import { asLeaf } from '../tape/leaf.ts';
import { type TensorOptions, tensor } from './creation.ts';

export interface WindowOptions extends TensorOptions {
  /** Whether it goes on periodically, as spectra need it, rather than falling to the same value at both ends. Default: true. */
  readonly periodic?: boolean;
}

/** A window from what it is at each place, 0 to 1 from end to end. */
function windowOf(
  operation: string,
  length: number,
  { periodic = true, ...options }: WindowOptions,
  value: (place: number) => number,
): Tensor {
  const { dtype = 'float32' } = options;
  if (!Number.isInteger(length) || length < 0 || !isFloating(dtype)) {
    fail(`${operation}: not a window`, {
      got: `length ${length}, dtype ${dtype}`,
      needs: 'a whole number from 0, and a floating dtype',
      fix: `${operation}(400)`,
    });
  }
  const last = periodic ? length : length - 1;
  const entries = newStorage('float64', length);
  for (let i = 0; i < length; i++) entries[i] = length === 1 ? 1 : value(i / last);
  return tensor(entries, { ...options, dtype });
}

/**
 * Hann's window, `sin²(π i / n)`, `[length]`.
 *
 * @throws GradtapeError if the length is not a whole number from 0, or the dtype not floating.
 * @example
 * hannWindow(4); // [0, 0.5, 1, 0.5]
 */
export function hannWindow(length: number, options: WindowOptions = {}): Tensor {
  return windowOf('hannWindow', length, options, (place) => 0.5 - 0.5 * Math.cos(2 * Math.PI * place));
}

export interface HammingOptions extends WindowOptions {
  /** Default: 0.54. */
  readonly alpha?: number;
  /** Default: 0.46. */
  readonly beta?: number;
}

/**
 * Hamming's window, `α - β cos(2π i / n)`, `[length]`.
 *
 * @throws GradtapeError as {@link hannWindow}.
 * @example
 * hammingWindow(4); // [0.08, 0.54, 1, 0.54]
 */
export function hammingWindow(length: number, { alpha = 0.54, beta = 0.46, ...options }: HammingOptions = {}): Tensor {
  return windowOf('hammingWindow', length, options, (place) => alpha - beta * Math.cos(2 * Math.PI * place));
}

/**
 * Blackman's window, `0.42 - 0.5 cos(2π i / n) + 0.08 cos(4π i / n)`, `[length]`.
 *
 * @throws GradtapeError as {@link hannWindow}.
 * @example
 * blackmanWindow(4).narrow(0, 1, 3); // [0.34, 1, 0.34]
 */
export function blackmanWindow(length: number, options: WindowOptions = {}): Tensor {
  const value = (place: number): number =>
    0.42 - 0.5 * Math.cos(2 * Math.PI * place) + 0.08 * Math.cos(4 * Math.PI * place);
  return windowOf('blackmanWindow', length, options, value);
}

/**
 * Bartlett's window, a triangle: `1 - |2 i / n - 1|`, `[length]`.
 *
 * @throws GradtapeError as {@link hannWindow}.
 * @example
 * bartlettWindow(4); // [0, 0.5, 1, 0.5]
 */
export function bartlettWindow(length: number, options: WindowOptions = {}): Tensor {
  return windowOf('bartlettWindow', length, options, (place) => 1 - Math.abs(2 * place - 1));
}

export interface KaiserOptions extends WindowOptions {
  /** How narrow it is. Default: 12. */
  readonly beta?: number;
}

/**
 * Kaiser's window, `I₀(β √(1 - (2 i / n - 1)²)) / I₀(β)`, `[length]`.
 *
 * @throws GradtapeError as {@link hannWindow}.
 * @example
 * kaiserWindow(3, { beta: 0 }); // [1, 1, 1]
 */
export function kaiserWindow(length: number, { beta = 12, ...options }: KaiserOptions = {}): Tensor {
  const { dtype = 'float32', requiresGrad = false, periodic } = options;
  if (length === 1) return windowOf('kaiserWindow', length, options, () => 1);
  const exact: WindowOptions = { periodic, dtype: isFloating(dtype) ? 'float64' : dtype };
  const args = windowOf('kaiserWindow', length, exact, (place) => beta * Math.sqrt(1 - (2 * place - 1) ** 2));
  const window = convert(div<Tensor, Tensor>(i0(args), i0(constant(beta, [], 'float64'))), dtype);
  return requiresGrad ? asLeaf(window) : window;
}
