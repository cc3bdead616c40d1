import { allocate } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { loopNest, visitOuter } from './iteration.ts';

/** Running sums along a dim, from its end if `reverse`; accumulated in float64. */
export function runningSum(x: Tensor, dim: number, reverse: boolean): Tensor {
  const out = allocate(x.shape, x.dtype);
  if (out.length === 0) return out;
  const size = x.shape[dim] as number;
  const [from, to] = [x.strides[dim] as number, out.strides[dim] as number];
  const others = x.shape.map((length, d) => (d === dim ? 1 : length));
  const nest = loopNest(others, [x.strides, out.strides]);
  visitOuter(nest, nest.sizes.length, [x.offset, out.offset], ([start, target]) => {
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const k = reverse ? size - 1 - i : i;
      sum += x.storage[(start as number) + k * from] as number;
      out.storage[(target as number) + k * to] = sum;
    }
  });
  return out;
}
