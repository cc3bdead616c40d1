import { fail } from '../core/errors.ts';
import { entriesOf, normalizeDim, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { matmul } from './products.ts';

/** The dims of two tensors that meet, in pairs. */
export type MeetingDims = number | readonly [first: readonly number[], second: readonly number[]];

/**
 * Products summed over dims that two tensors share: the last `dims` of `a` with the first of `b`, or the dims listed for
 * each, in pairs. The result has the other dims of `a`, then those of `b`.
 *
 * @throws GradtapeError if the dims do not pair up, their sizes differ, or the dtypes do.
 * @example
 * tensordot(tensor([[1, 2], [3, 4]]), tensor([1, 1]), 1); // [3, 7]
 * tensordot(tensor([[1, 2], [3, 4]]), tensor([1, 1]), [[0], [0]]); // [4, 6]
 */
export function tensordot(a: Tensor, b: Tensor, dims: MeetingDims = 2): Tensor {
  const [first, second] = pairs(a, b, dims);
  const [rows, columns] = [othersOf(a, first), othersOf(b, second)];
  const sizes = first.map((d) => a.shape[d]);
  if (sizes.some((size, i) => size !== b.shape[second[i]])) {
    fail('tensordot: the sizes of the dims that meet differ', {
      got: `${showShape(a.shape)} over dims ${showShape(first)}, ${showShape(b.shape)} over dims ${showShape(second)}`,
      needs: 'equal sizes, pair by pair',
      fix: 'check the order of the dims',
    });
  }
  const count = entriesOf(sizes);
  const sizesOf = (x: Tensor, some: readonly number[]): number[] => some.map((d) => x.shape[d]);
  const left = reshape(permuteDims(a, [...rows, ...first]), [entriesOf(sizesOf(a, rows)), count]);
  const right = reshape(permuteDims(b, [...second, ...columns]), [count, entriesOf(sizesOf(b, columns))]);
  return reshape(matmul<Tensor, Tensor>(left, right), [...sizesOf(a, rows), ...sizesOf(b, columns)]);
}

function pairs(a: Tensor, b: Tensor, dims: MeetingDims): readonly [readonly number[], readonly number[]] {
  if (typeof dims === 'number') {
    if (Number.isInteger(dims) && dims >= 0 && dims <= Math.min(a.rank, b.rank)) {
      const count = Array.from({ length: dims }, (_, i) => i);
      return [count.map((i) => a.rank - dims + i), count];
    }
    return fail('tensordot: not a number of dims that both have', {
      got: `${dims}, for shapes ${showShape(a.shape)} and ${showShape(b.shape)}`,
      needs: `a whole number from 0 to ${Math.min(a.rank, b.rank)}`,
      fix: 'name the dims of each: [[-1], [0]]',
    });
  }
  const [first, second] = dims.map((list, i) => list.map((d) => normalizeDim('tensordot', d, [a, b][i].rank)));
  const once = (list: readonly number[]): boolean => new Set(list).size === list.length;
  if (first.length !== second.length || !once(first) || !once(second)) {
    fail('tensordot: the dims do not pair up', {
      got: `${showShape(dims[0])} and ${showShape(dims[1])}`,
      needs: 'as many of the one as of the other, each once',
      fix: 'name the dims that meet in pairs: [[0, 1], [1, 0]]',
    });
  }
  return [first, second];
}

function othersOf(x: Tensor, dims: readonly number[]): number[] {
  return x.shape.map((_, d) => d).filter((d) => !dims.includes(d));
}

/**
 * The sum of products over the last dims of two tensors: `out[i, j] = Σ a[i, k] b[j, k]`; the product where one of them is
 * a single number.
 *
 * @throws GradtapeError if the last sizes or the dtypes differ.
 * @example
 * inner(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // [3, 7]
 */
export function inner(a: Tensor, b: Tensor): Tensor {
  if (a.rank === 0 || b.rank === 0) return mul<Tensor, Tensor>(a, b);
  return tensordot(a, b, [[-1], [-1]]);
}

/**
 * The Kronecker product: every entry of `a` replaced by itself times `b`. Dims of size one are put in front of the tensor
 * that has fewer; each size is the product of both.
 *
 * @example
 * kron(tensor([[1, 2]]), tensor([[1, 10]])); // [[1, 10, 2, 20]]
 */
export function kron(a: Tensor, b: Tensor): Tensor {
  const rank = Math.max(a.rank, b.rank);
  const sizesOf = (x: Tensor): number[] => [...new Array<number>(rank - x.rank).fill(1), ...x.shape];
  const [outer, within] = [sizesOf(a), sizesOf(b)];
  const spread = mul<Tensor, Tensor>(
    reshape(
      a,
      outer.flatMap((size) => [size, 1]),
    ),
    reshape(
      b,
      within.flatMap((size) => [1, size]),
    ),
  );
  return reshape(
    spread,
    outer.map((size, d) => size * within[d]),
  );
}
