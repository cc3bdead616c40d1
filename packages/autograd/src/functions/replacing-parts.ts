import { fail } from '../core/errors.ts';
import { normalizeDim, sameShape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { arange } from './creation.ts';
import { type DiagonalOptions, diagonal } from './diagonals.ts';
import { type Index, index, indexPut, slice } from './indexing.ts';
import { movedim } from './movement.ts';

/** Everything of the dims before one, and then what is said of that one. */
function along(dim: number, part: Index): Index[] {
  return [...Array.from({ length: dim }, () => slice()), part];
}

function checkPart(operation: string, part: Tensor, src: Tensor): void {
  if (sameShape(part.shape, src.shape) && part.dtype === src.dtype) return;
  fail(`${operation}: the source is not like the part that it replaces`, {
    got: `${showShape(src.shape)} ${src.dtype}`,
    needs: `${showShape(part.shape)} ${part.dtype}`,
    fix: 'expand or convert the source; indexPut broadcasts it',
  });
}

function replaced(operation: string, x: Tensor, indices: readonly Index[], src: Tensor): Tensor {
  checkPart(operation, index(x, ...indices), src);
  return indexPut(x, indices, src);
}

/**
 * `x` with what stands at one index of a dim replaced: the other way round of `select`.
 *
 * @param src The shape of `x` without the dim, and its dtype.
 * @throws GradtapeError if the dim or the index is out of range, or the source does not fit.
 * @example
 * selectScatter(zeros([2, 2]), tensor([1, 2]), 0, 1); // [[0, 0], [1, 2]]
 */
export function selectScatter(x: Tensor, src: Tensor, dim: number, at: number): Tensor {
  return replaced('selectScatter', x, along(normalizeDim('selectScatter', dim, x.rank), at), src);
}

export interface SliceScatterOptions {
  /** Default: 0. */
  readonly dim?: number;
  /** Negative counts from the end. Default: 0. */
  readonly start?: number | null;
  /** Negative counts from the end; beyond the end is the end. Default: the end. */
  readonly end?: number | null;
  /** At least 1. Default: 1. */
  readonly step?: number;
}

/**
 * `x` with a part of a dim replaced: from `start` to but without `end`, every `step`-th index.
 *
 * @param src The shape of that part, and the dtype of `x`.
 * @throws GradtapeError if the dim is out of range, or the source does not fit.
 * @example
 * sliceScatter(zeros([4]), tensor([1, 2]), { start: 1, end: 3 }); // [0, 1, 2, 0]
 */
export function sliceScatter(
  x: Tensor,
  src: Tensor,
  { dim = 0, start = null, end = null, step = 1 }: SliceScatterOptions = {},
): Tensor {
  const indices = along(normalizeDim('sliceScatter', dim, x.rank), slice(start, end, step));
  return replaced('sliceScatter', x, indices, src);
}

/**
 * `x` with a diagonal between two dims replaced: the other way round of {@link diagonal}.
 *
 * @param src The shape of that diagonal, and the dtype of `x`.
 * @throws GradtapeError as {@link diagonal}, and if the source does not fit.
 * @example
 * diagonalScatter(zeros([2, 2]), tensor([1, 2])); // [[1, 0], [0, 2]]
 */
export function diagonalScatter(x: Tensor, src: Tensor, options: DiagonalOptions = {}): Tensor {
  const part = diagonal(x, options);
  checkPart('diagonalScatter', part, src);
  const { offset = 0, dim1 = 0, dim2 = 1 } = options;
  const count = part.shape[part.rank - 1];
  const places = (from: number): Tensor => arange(from, from + count, 1, { dtype: 'int32' });
  const [rows, columns] = [places(Math.max(0, -offset)), places(Math.max(0, offset))];
  const planes = movedim(x, [dim1, dim2], [0, 1]);
  return movedim(indexPut(planes, [rows, columns], movedim(src, -1, 0)), [0, 1], [dim1, dim2]);
}
