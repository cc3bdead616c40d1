import { fail } from '../core/errors.ts';
import { sameShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { isfinite } from '../primitives/piecewise/classification.ts';
import { eq, isnan, le, logicalAnd, logicalOr } from '../primitives/piecewise/comparison.ts';
import { abs } from '../primitives/piecewise/kinked.ts';
import { all } from './reductions.ts';

export interface ClosenessOptions {
  /** How far apart relative to the second. Default: 1e-5. */
  readonly rtol?: number;
  /** How far apart beside that. Default: 1e-8. */
  readonly atol?: number;
  /** Whether two NaN count as close. Default: false. */
  readonly equalNan?: boolean;
}

/**
 * Whether `|a - b| ≤ atol + rtol |b|`, entry by entry, broadcasting. Equal infinities are close.
 *
 * @returns dtype bool.
 * @throws GradtapeError if a tolerance is negative or NaN.
 * @example
 * isclose(tensor([1, 2]), tensor([1.000001, 2.1])); // [true, false]
 */
export function isclose(a: Tensor, b: Tensor, options: ClosenessOptions = {}): Tensor {
  return close('isclose', a, b, options);
}

/**
 * Whether all entries are close, as `isclose` has it. It reads values, so that it cannot be compiled.
 *
 * @throws GradtapeError if a tolerance is negative or NaN.
 * @example
 * allclose(tensor([1, 2]), tensor([1.000001, 2])); // true
 */
export function allclose(a: Tensor, b: Tensor, options: ClosenessOptions = {}): boolean {
  return all(close('allclose', a, b, options)).item() === 1;
}

/**
 * Whether two tensors have one shape and equal entries; NaN equals nothing. It reads values, so that it cannot be compiled.
 *
 * @example
 * equal(tensor([1, 2]), tensor([1, 2])); // true
 */
export function equal(a: Tensor, b: Tensor): boolean {
  return sameShape(a.shape, b.shape) && all(eq<Tensor, Tensor>(a, b)).item() === 1;
}

function close(operation: string, a: Tensor, b: Tensor, options: ClosenessOptions): Tensor {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  if (!(rtol >= 0 && atol >= 0)) {
    fail(`${operation}: no distance is that small`, {
      got: `rtol ${rtol}, atol ${atol}`,
      needs: 'tolerances of at least 0',
      fix: 'leave them out: rtol is 1e-5 and atol 1e-8',
    });
  }
  const distance = abs(sub<Tensor, Tensor>(a, b));
  const allowed = add<Tensor, number>(abs(mul<Tensor, number>(b, rtol)), atol);
  const areClose = logicalOr(eq<Tensor, Tensor>(a, b), logicalAnd(isfinite(distance), le(distance, allowed)));
  return equalNan ? logicalOr(areClose, logicalAnd(isnan(a), isnan(b))) : areClose;
}
