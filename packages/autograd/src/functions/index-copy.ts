import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { acrossDims, scatterAddZeros } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { where } from '../primitives/linear/where.ts';
import { ne } from '../primitives/piecewise/comparison.ts';
import { checkList, checkSlices, scatter } from './gather.ts';

/**
 * `x` with whole indices of a dim replaced: for dim 0 rows, `out[index[i]] = source[i]`. Where several go to one place the
 * last one counts.
 *
 * @param index dtype int32, of one dim (or none).
 * @param source As `x`, but of the size of the list in that dim.
 * @throws GradtapeError if the index has another dtype or rank or an entry below 0 or beyond the dim, or the source does
 *   not fit.
 * @example
 * indexCopy(zeros([3]), 0, tensor([2, 0], { dtype: 'int32' }), tensor([5, 6])); // [6, 0, 5]
 */
export function indexCopy(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = checkList('indexCopy', x.shape, dim, index);
  checkSlices('indexCopy', x, d, index, source);
  if (x.rank === 0) return reshape(indexCopy(reshape(x, [1]), 0, index, reshape(source, [1])), []);
  return scatter(x, d, acrossDims(index, d, x.shape), source);
}

/**
 * `x` with whole indices of a dim filled with one value: for dim 0 rows, `out[index[i]] = value`.
 *
 * @param index dtype int32, of one dim (or none).
 * @param value A number, or a tensor without dims.
 * @throws GradtapeError if the index has another dtype or rank or an entry below 0 or beyond the dim, or the value has dims.
 * @example
 * indexFill(zeros([3]), 0, tensor([0, 2], { dtype: 'int32' }), -1); // [-1, 0, -1]
 */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
  const d = checkList('indexFill', x.shape, dim, index);
  if (value instanceof Tensor && value.rank > 0) {
    fail('indexFill: the value is not a single number', {
      got: `a value of shape ${showShape(value.shape)}`,
      needs: 'a number, or a tensor without dims',
      fix: 'indexCopy puts a slice for each index',
    });
  }
  const list = reshape(index, [index.length]);
  const hits = scatterAddZeros(constant(1, list.shape, 'int32'), list, 0, [x.shape[d] ?? 1]);
  const hit = ne(
    reshape(
      hits,
      x.shape.map((size, k) => (k === d ? size : 1)),
    ),
    0,
  );
  return where(hit, value instanceof Tensor ? value : constant(value, [], x.dtype), x);
}
