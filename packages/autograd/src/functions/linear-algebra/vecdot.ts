import { broadcastShapes, normalizeDim } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { sum } from '../reductions.ts';
import { checkSameDType } from './operands.ts';

/**
 * The inner products of vectors along a dim, which is gone in the result; the shapes broadcast.
 *
 * @param dim Default: the last.
 * @throws GradtapeError if the shapes do not broadcast, or the dtypes differ.
 * @example
 * vecdot(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // [3, 7]
 */
export function vecdot(x: Tensor, y: Tensor, dim = -1): Tensor {
  checkSameDType('vecdot', x, y);
  const shape = broadcastShapes('vecdot', [x.shape, y.shape]);
  return sum(mul<Tensor, Tensor>(x, y), normalizeDim('vecdot', dim, shape.length));
}
