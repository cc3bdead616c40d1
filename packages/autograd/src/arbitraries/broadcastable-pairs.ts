import fc from 'fast-check';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Choose, chooseAmong } from '../verify/choose.ts';
import { chooseShape } from '../verify/draw-from.ts';
import { chosen } from './chosen.ts';
import { type TensorOptions, tensors } from './tensors.ts';

/** Two tensors whose shapes broadcast: either may lack leading dims, or have size one where the other has more. */
export function broadcastablePairs(options: Omit<TensorOptions, 'shape'> = {}): fc.Arbitrary<[Tensor, Tensor]> {
  return broadcastableShapes().chain((pair) => {
    const [a, b] = pair.map((shape) => tensors({ ...options, shape }));
    return fc.tuple(a, b);
  });
}

function broadcastableShapes(): fc.Arbitrary<readonly [Shape, Shape]> {
  return chosen((choose) => {
    const shape = chooseShape(choose);
    return [reduced(shape, choose), reduced(shape, choose)];
  });
}

function reduced(shape: Shape, choose: Choose): Shape {
  const sizes = shape.map((size) =>
    chooseAmong(choose, [
      [2, size],
      [1, 1],
    ]),
  );
  return sizes.slice(choose(0, 2) === 0 ? choose(0, sizes.length) : 0);
}
