import { checkShape, broadcastShapes as commonShape, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { broadcastTo as repeatedTo } from '../primitives/linear/sum.ts';
import { expand } from './repeating.ts';

/**
 * {@link expand} to the shape of another tensor.
 *
 * @throws GradtapeError if that cannot be reached by repeating.
 * @example
 * expandAs(tensor([[1], [2]]), zeros([2, 2])); // [[1, 1], [2, 2]]
 */
export function expandAs<T extends Tensor>(x: Tensor, other: T): Tensor<ShapeOf<T>> {
  return expand(x, other.shape) as Tensor<ShapeOf<T>>;
}

/**
 * Tensors repeated, without copying, to the one shape that all broadcast to.
 *
 * @throws GradtapeError if the shapes do not broadcast.
 * @example
 * broadcastTensors([tensor([1, 2]), tensor([[3], [4]])]).map((x) => x.shape); // [[2, 2], [2, 2]]
 */
export function broadcastTensors(tensors: readonly Tensor[]): Tensor[] {
  const shape: Shape = commonShape(
    'broadcastTensors',
    tensors.map((x) => x.shape),
  );
  return tensors.map((x) => repeatedTo(x, shape));
}

/**
 * The one shape that shapes broadcast to.
 *
 * @throws GradtapeError if they do not, or one is no shape.
 * @example
 * broadcastShapes([2], [3, 1]); // [3, 2]
 */
export function broadcastShapes(...shapes: readonly Shape[]): Shape {
  return commonShape(
    'broadcastShapes',
    shapes.map((shape) => checkShape('broadcastShapes', shape)),
  );
}
