import { adopt } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { broadcastShapes, normalizeDim, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { sub } from '../primitives/linear/arithmetic.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';

/**
 * The vector product of triples along a dim: `a × b`. Other dims broadcast.
 *
 * @param dim Default: the first of size 3.
 * @throws GradtapeError if the shapes do not broadcast, or there is no such dim of size 3.
 * @example
 * cross(tensor([1, 0, 0]), tensor([0, 1, 0])); // [0, 0, 1]
 */
export function cross(a: Tensor, b: Tensor, dim: number | null = null): Tensor {
  const shape = broadcastShapes('cross', [a.shape, b.shape]);
  const d = dim === null ? shape.indexOf(3) : normalizeDim('cross', dim, shape.length);
  if (shape[d] !== 3) {
    fail('cross: there is no dim of triples', {
      got: `shapes ${showShape(a.shape)} and ${showShape(b.shape)}, dim ${dim}`,
      needs: 'a dim of size 3',
      fix: 'append a zero to vectors of a plane: pad(x, [0, 1])',
    });
  }
  const turned = (x: Tensor, order: readonly number[]): Tensor =>
    takeAlong(broadcastTo(x, shape), d, adopt(Int32Array.from(order), [3]));
  return sub<Tensor, Tensor>(
    mul<Tensor, Tensor>(turned(a, [1, 2, 0]), turned(b, [2, 0, 1])),
    mul<Tensor, Tensor>(turned(a, [2, 0, 1]), turned(b, [1, 2, 0])),
  );
}
