import { checkShape, entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { floorDivide, remainder } from '../primitives/piecewise/division.ts';
import { ravelIndices } from '../primitives/piecewise/indices.ts';
import { checkWhole } from './check-dtype.ts';

/**
 * Where entries of a tensor of this shape stand, from their places in reading order: of each dim a tensor of the shape of
 * the indices, dtype int32.
 *
 * @param indices dtype int32, from 0 up to, but without, the number of entries.
 * @throws GradtapeError if the indices have another dtype, or one is out of range.
 * @example
 * const [rows, columns] = unravelIndex(tensor([1, 5], { dtype: 'int32' }), [2, 3]);
 * rows; // [0, 1]
 * columns; // [1, 2]
 */
export function unravelIndex(indices: Tensor, shape: Shape): Tensor[] {
  checkWhole('unravelIndex', indices);
  const sizes = checkShape('unravelIndex', shape);
  const places = ravelIndices(
    [indices],
    [{ operation: 'unravelIndex', dim: 0, size: entriesOf(sizes), fromEnd: false }],
  );
  return sizes.map((size, d) => remainder(floorDivide(places, entriesOf(sizes.slice(d + 1))), size));
}
