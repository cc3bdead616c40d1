import { sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';

/** Whether two tensors are equal but for a tolerance relative to the largest entry. */
export function alike(a: Tensor, b: Tensor, tolerance: number): boolean {
  return sameShape(a.shape, b.shape) && alikeNumbers(a.toTypedArray(), b.toTypedArray(), tolerance);
}

/** Whether all of one list of tensors are like those of another. */
export function allAlike(a: readonly Tensor[], b: readonly Tensor[], tolerance: number): boolean {
  return a.length === b.length && a.every((x, i) => alike(x, b[i], tolerance));
}

export function alikeNumbers(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): boolean {
  let [gap, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i] - b[i])) {
      if (Object.is(a[i], b[i])) continue;
      return false; // else one infinity, being the largest, would make all alike
    }
    gap = Math.max(gap, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(a[i]), Math.abs(b[i]));
  }
  return gap <= tolerance * largest;
}
