import { sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { magnitude, numbersOf } from '../compare.ts';

/** Whether two tensors are equal but for a tolerance relative to the largest entry. */
export function alike(a: Tensor, b: Tensor, tolerance: number): boolean {
  return sameShape(a.shape, b.shape) && alikeNumbers(numbersOf(a), numbersOf(b), tolerance);
}

export function alikeNumbers(a: readonly number[], b: readonly number[], tolerance: number): boolean {
  const allowed = tolerance * magnitude(a, b);
  return a.every((entry, i) => Object.is(entry, b[i]) || Math.abs(entry - b[i]) <= allowed);
}

/** Whether all of one list of tensors are like those of another. */
export function allAlike(a: readonly Tensor[], b: readonly Tensor[], tolerance: number): boolean {
  return a.length === b.length && a.every((x, i) => alike(x, b[i], tolerance));
}
