import { adopt } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';

/** Combines two tensors of whole numbers and one shape, entry by entry. dtype int32. */
export function bitwiseKernel(combine: (a: number, b: number) => number): (a: Tensor, b: Tensor) => Tensor {
  return (a, b) => {
    const [first, second] = [a.toTypedArray(), b.toTypedArray()];
    return adopt(
      Int32Array.from(first, (entry, i) => combine(entry, second[i] as number)),
      a.shape,
    );
  };
}
