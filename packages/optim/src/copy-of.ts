import { fromArray, type Tensor } from '@gradtape/autograd';

/** The same entries in memory of their own, in reading order. */
export function copyOf(x: Tensor): Tensor {
  return fromArray(x.toTypedArray(), x.shape);
}
