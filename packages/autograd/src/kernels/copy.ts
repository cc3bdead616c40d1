import { allocateUnfilled } from '../core/allocate.ts';
import type { DType } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { mapKernel } from './map.ts';
import { copyInto } from './place.ts';

const identity = mapKernel((_, x) => [x], 1, 1);

/** The same numbers in another dtype: towards zero for int32, "not zero" for bool. */
export function convertEntries(x: Tensor, dtype: DType): Tensor {
  return identity([x], [dtype])[0];
}

/** The same entries in reading order: the tensor itself where they are so already. */
export function inReadingOrder(x: Tensor): Tensor {
  if (x.contiguous) return x;
  const copy = allocateUnfilled(x.shape, x.dtype);
  copyInto(copy, x);
  return copy;
}
