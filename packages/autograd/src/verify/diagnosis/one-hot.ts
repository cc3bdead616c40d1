import { adopt } from '../../core/allocate.ts';
import { contiguousStrides } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { sumKept } from '../../primitives/linear/sum.ts';
import { numbersOf } from '../compare.ts';

/** Instead of each one-hot row (or column) the number of its class in every place; undefined if there are no such rows. */
export function classNumbersOf(x: Tensor): Tensor | undefined {
  const entries = numbersOf(x);
  if (!entries.every((entry) => entry === 0 || entry === 1)) return undefined;
  const dim = [x.rank - 1, 0].find((d) => d >= 0 && numbersOf(sumKept(x, [d])).every((sum) => sum === 1));
  if (dim === undefined) return undefined;
  const stride = contiguousStrides(x.shape)[dim];
  const size = x.shape[dim];
  const numbers = entries.map((_, i) => {
    const start = i - (Math.floor(i / stride) % size) * stride;
    return Array.from({ length: size }, (_, k) => entries[start + k * stride]).indexOf(1);
  });
  return adopt(Float64Array.from(numbers), x.shape);
}
