import { allocate } from '../core/allocate.ts';
import type { DType } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { loopNest, visitOuter } from './iteration.ts';
import { RadixSort } from './radix-sort.ts';

/**
 * The indices that sort every line along a dim: dtype int32, of the tensor's shape. Equal entries keep their order; NaN
 * counts as the largest.
 */
export function sortingOrder(x: Tensor, dim: number, descending: boolean): Tensor {
  const out = allocate(x.shape, 'int32');
  if (out.length === 0) return out;
  const size = x.shape[dim];
  const [from, to] = [x.strides[dim], out.strides[dim]];
  const line = new Float64Array(size);
  const orderOf = size < SHORT ? byComparing(size) : byBits(x.dtype, size);
  const lines = x.shape.map((length, d) => (d === dim ? 1 : length));
  const nest = loopNest(lines, [x.strides, out.strides]);
  visitOuter(nest, nest.sizes.length, [x.offset, out.offset], ([start, target]) => {
    for (let i = 0; i < size; i++) line[i] = x.storage[start + i * from];
    const order = orderOf(line, descending);
    for (let i = 0; i < size; i++) out.storage[target + i * to] = order[i];
  });
  return out;
}

/** Lines of fewer entries are sorted faster by comparing. */
const SHORT = 400;

type OrderOf = (line: Float64Array, descending: boolean) => Int32Array;

function byBits(dtype: DType, size: number): OrderOf {
  const radix = new RadixSort(dtype, size);
  return (line, descending) => radix.orderOf(line, descending);
}

function byComparing(size: number): OrderOf {
  const order = new Int32Array(size);
  return (line, descending) => {
    for (let i = 0; i < size; i++) order[i] = i;
    const rising = (i: number, j: number): number => compare(line[i], line[j]) || i - j;
    const falling = (i: number, j: number): number => compare(line[j], line[i]) || i - j;
    return order.sort(descending ? falling : rising);
  };
}

/** Which of two numbers comes first, NaN as the largest. */
export function compare(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
