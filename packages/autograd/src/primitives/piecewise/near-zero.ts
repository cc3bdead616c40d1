import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { add } from '../linear/arithmetic.ts';
import { where } from '../linear/where.ts';
import { square } from '../smooth/powers.ts';
import { lt } from './comparison.ts';
import { abs } from './kinked.ts';

/**
 * One expression near 0, where the other would divide by zero or cancel, and the other beyond. Each sees only numbers of its
 * side, so that neither makes the derivative NaN.
 */
export function splitNearZero(
  x: Tensor,
  bound: number,
  near: (small: Tensor) => Tensor,
  beyond: (clear: Tensor) => Tensor,
): Tensor {
  const isNear = lt(abs(x), bound);
  return where(isNear, near(where(isNear, x, 0)), beyond(where(isNear, 1, x)));
}

/** `c₀ + c₁ x² + c₂ x⁴ + …`, differentiable to any order. */
export function evenSeries(x: Tensor, coefficients: readonly number[]): Tensor {
  const squared = square(x);
  const [highest, next, ...others] = [...coefficients].reverse() as [number, number, ...number[]];
  return others.reduce<Tensor>(
    (sum, coefficient) => add(mul(sum, squared), coefficient),
    add(mul(squared, highest), next),
  );
}

/** A series by its first coefficient, and what each is times the one before it. */
export function coefficientsFrom(first: number, count: number, ratio: (k: number) => number): readonly number[] {
  const coefficients = [first];
  for (let k = 0; k < count - 1; k++) coefficients.push((coefficients[k] as number) * ratio(k));
  return coefficients;
}
