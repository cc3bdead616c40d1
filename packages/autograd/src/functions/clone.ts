import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { permuteDims } from '../primitives/linear/permute.ts';

/**
 * The same entries as a tensor of its own, through which derivatives pass. Tensors never change, so nothing is copied; of a
 * parameter it is what the parameter holds now.
 *
 * @example
 * clone(tensor([1, 2])); // [1, 2]
 */
export function clone<T extends Tensor>(x: T): Tensor<ShapeOf<T>> {
  return permuteDims(
    x,
    x.shape.map((_, d) => d),
  ) as Tensor<ShapeOf<T>>;
}
