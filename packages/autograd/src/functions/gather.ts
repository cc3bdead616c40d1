import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { broadcastShapes, normalizeDim, type Shape, sameShape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { acrossDims, gatherAlong, scatterAddZeros, takeAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { slice } from '../primitives/linear/slice.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { ne } from '../primitives/piecewise/comparison.ts';
import { pointsLast, ravelIndices } from '../primitives/piecewise/indices.ts';
import { scatterProduct } from '../primitives/piecewise/scatter-reductions.ts';
import { checkWhole } from './check-dtype.ts';

/**
 * Entries along a dim, chosen by an index for each: `out[i, j] = x[index[i, j], j]` for dim 0, and so on. Has the shape
 * of `index`.
 *
 * @param index dtype int32, with as many dims as `x`, in dims other than `dim` at most as large.
 * @throws GradtapeError if the index has another dtype or rank, is too large, or has an entry below 0 or beyond the dim.
 * @example
 * gather(tensor([[1, 2], [3, 4]]), 1, tensor([[0], [1]], { dtype: 'int32' })); // [[1], [4]]
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const d = checkIndex('gather', x.shape, dim, index);
  if (x.rank > 0) return gatherAlong(x, d, index);
  return reshape(gatherAlong(reshape(x, [1]), 0, reshape(index, [1])), []);
}

export interface ScatterOptions {
  /** Add to the entries of `x`, or multiply them, rather than replace them; `scatterReduce` has more. Default: null. */
  readonly reduce?: 'add' | 'multiply' | null;
}

/**
 * `x` with entries replaced: `out[index[i, j], j] = src[i, j]` for dim 0, and so on. Where several go to one place, the
 * last one counts, in value and derivative.
 *
 * @param src A number, or a tensor of the dtype of `x` that is at least as large as `index`.
 * @throws GradtapeError as {@link gather}, if `src` is smaller than `index` or has another dtype, and for another `reduce`.
 * @example
 * scatter(zeros([3]), 0, tensor([2, 0], { dtype: 'int32' }), tensor([5, 6])); // [6, 0, 5]
 */
export function scatter(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor | number,
  { reduce = null }: ScatterOptions = {},
): Tensor {
  const d = checkIndex('scatter', x.shape, dim, index);
  if (x.rank === 0) return reshape(scatter(reshape(x, [1]), 0, reshape(index, [1]), spread(src), { reduce }), []);
  const source = sourceFor('scatter', x, index, src);
  if (reduce === 'add') return add(x, scatterAddZeros(source, index, d, x.shape));
  if (reduce === 'multiply') return scatterProduct(x, source, index, d);
  if (reduce !== null) failOnReduction(reduce);
  const counts = where(pointsLast(index, d, x.shape), source, constant(0, [], x.dtype));
  const hit = ne(scatterAddZeros(constant(1, index.shape, 'int32'), index, d, x.shape), 0);
  return where(hit, scatterAddZeros(counts, index, d, x.shape), x);
}

function failOnReduction(reduce: string): never {
  return fail('scatter: no such reduction', {
    got: `'${reduce}'`,
    needs: "'add' or 'multiply', or null to replace",
    fix: "scatterReduce has 'sum', 'prod', 'mean', 'amax' and 'amin'",
  });
}

/** A tensor without dims, as one with a dim of size one; a number as it is. */
function spread(src: Tensor | number): Tensor | number {
  return src instanceof Tensor ? reshape(src, [1]) : src;
}

/**
 * `x` with entries added: `out[index[i, j], j] += src[i, j]` for dim 0, and so on. Several may go to one place.
 *
 * @param src A tensor of the dtype of `x` that is at least as large as `index`.
 * @throws GradtapeError as {@link scatter}.
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  const d = checkIndex('scatterAdd', x.shape, dim, index);
  if (x.rank === 0) return reshape(scatterAdd(reshape(x, [1]), 0, reshape(index, [1]), reshape(src, [1])), []);
  return add(x, scatterAddZeros(sourceFor('scatterAdd', x, index, src), index, d, x.shape));
}

/**
 * Whole indices of a dim, in the order of a list: for dim 0 rows, `out[i] = x[index[i]]`. The dim gets the size of the
 * list.
 *
 * @param index dtype int32, of one dim (or none).
 * @throws GradtapeError if the index has another dtype or rank, or an entry below 0 or beyond the dim.
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  const d = checkList('indexSelect', x.shape, dim, index);
  if (x.rank === 0) return reshape(indexSelect(reshape(x, [1]), 0, index), []);
  const counted = { operation: 'indexSelect', dim: d, size: x.shape[d], fromEnd: false };
  return takeAlong(x, d, ravelIndices([index], [counted]));
}

export interface IndexAddOptions {
  /** A factor for what is added. Default: 1. */
  readonly alpha?: number;
}

/**
 * `x` with whole indices of a dim added to: for dim 0 rows, `out[index[i]] += alpha · source[i]`.
 *
 * @param index dtype int32, of one dim.
 * @param source As `x`, but of the size of the list in that dim.
 * @throws GradtapeError as {@link indexSelect}, and if the source does not fit.
 */
export function indexAdd(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  { alpha = 1 }: IndexAddOptions = {},
): Tensor {
  const d = checkList('indexAdd', x.shape, dim, index);
  checkSlices('indexAdd', x, d, index, source);
  if (x.rank === 0) return add(x, mul(source, alpha));
  const scaled = alpha === 1 ? source : mul(source, alpha);
  return add(x, scatterAddZeros(scaled, acrossDims(index, d, x.shape), d, x.shape));
}

/** Throws unless there is a slice of the source for each index of a dim. */
export function checkSlices(operation: string, x: Tensor, d: number, index: Tensor, source: Tensor): void {
  const needed = x.shape.map((size, k) => (k === d ? index.length : size));
  if (sameShape(source.shape, needed) && source.dtype === x.dtype) return;
  fail(`${operation}: the source does not fit`, {
    got: `${showShape(source.shape)} ${source.dtype} for x ${showShape(x.shape)} and ${index.length} indices of dim ${d}`,
    needs: `${showShape(needed)} ${x.dtype}`,
    fix: 'one slice of the source for each index',
  });
}

/**
 * The entries at places of a tensor that is read as one line, whatever its shape: `out[i] = flatten(x)[index[i]]`. Negative
 * places count from the end.
 *
 * @param index dtype int32, of any shape, which the result has.
 * @throws GradtapeError if the index has another dtype, or an entry out of range.
 * @example
 * take(tensor([[4, 3], [2, 1]]), tensor([0, -1], { dtype: 'int32' })); // [4, 1]
 */
export function take(x: Tensor, index: Tensor): Tensor {
  return reshape(takeAlong(reshape(x, [x.length]), 0, placesIn('take', x, index)), index.shape);
}

/** A list of places of a tensor that is read as one line, counted from its start. */
function placesIn(operation: string, x: Tensor, index: Tensor): Tensor {
  checkWhole(operation, index);
  return ravelIndices([reshape(index, [index.length])], [{ operation, dim: 0, size: x.length, fromEnd: true }]);
}

export interface PutOptions {
  /** Add, rather than put in their place. Default: false. */
  readonly accumulate?: boolean;
}

/**
 * `x` with entries put at places of it, read as one line: `flatten(out)[index[i]] = source[i]`. Where several go to one
 * place the last one counts, unless they are added up. Negative places count from the end.
 *
 * @param index dtype int32, of any shape.
 * @param source As many entries, of the dtype of `x`.
 * @throws GradtapeError as {@link take}, and if the source does not fit.
 * @example
 * put(zeros([2, 2]), tensor([1, -1], { dtype: 'int32' }), tensor([5, 6])); // [[0, 5], [0, 6]]
 */
export function put(x: Tensor, index: Tensor, source: Tensor, { accumulate = false }: PutOptions = {}): Tensor {
  const places = placesIn('put', x, index);
  if (source.length !== index.length || source.dtype !== x.dtype) {
    fail('put: the source does not fit', {
      got: `${source.length} entries of dtype ${source.dtype} for ${index.length} places of dtype ${x.dtype}`,
      needs: `${index.length} entries of dtype ${x.dtype}`,
      fix: 'one entry of the source for each place',
    });
  }
  return putFlat(x, places, reshape(source, [source.length]), accumulate);
}

/** `x` with a list of entries put at, or added to, a list of places of it, read as one line. */
export function putFlat(x: Tensor, places: Tensor, source: Tensor, accumulate: boolean): Tensor {
  const flat = reshape(x, [x.length]);
  return reshape(accumulate ? scatterAdd(flat, 0, places, source) : scatter(flat, 0, places, source), x.shape);
}

/**
 * {@link gather} in which the dims beside `dim` broadcast, as `argmax` and `argsort` give indices. Without `dim` both
 * are flattened first.
 */
export function takeAlongDim(x: Tensor, index: Tensor, dim?: number): Tensor {
  if (dim === undefined) return gather(reshape(x, [x.length]), 0, reshape(index, [index.length]));
  const d = normalizeDim('takeAlongDim', dim, x.rank);
  checkRank('takeAlongDim', x.shape, index);
  const others = (shape: Shape): Shape => shape.map((size, k) => (k === d ? 1 : size));
  const common = broadcastShapes('takeAlongDim', [others(x.shape), others(index.shape)]);
  const withSize = (size: number): Shape => common.map((length, k) => (k === d ? size : length));
  return gather(broadcastTo(x, withSize(x.shape[d])), d, broadcastTo(index, withSize(index.shape[d])));
}

function checkRank(operation: string, shape: Shape, index: Tensor): void {
  checkWhole(operation, index);
  if (index.rank === shape.length) return;
  fail(`${operation}: the index has not as many dims as the tensor`, {
    got: `index ${showShape(index.shape)} for a tensor of shape ${showShape(shape)}`,
    needs: `${shape.length} dims: one index for each entry of the result`,
    fix: 'unsqueeze and expand the index, or use indexSelect to take whole rows',
  });
}

/** Checks an index that stands entry by entry in a tensor's dims, and gives the dim counted from the front. */
export function checkIndex(operation: string, shape: Shape, dim: number, index: Tensor): number {
  const d = normalizeDim(operation, dim, shape.length);
  checkRank(operation, shape, index);
  if (!index.shape.every((size, k) => k === d || size <= shape[k])) {
    fail(`${operation}: the index is larger than the tensor`, {
      got: `index ${showShape(index.shape)} for a tensor of shape ${showShape(shape)}, along dim ${dim}`,
      needs: `at most the tensor's sizes in the dims other than ${dim}`,
      fix: 'check which dim is indexed',
    });
  }
  return d;
}

/** Checks a list of indices of a dim, and gives the dim counted from the front. */
export function checkList(operation: string, shape: Shape, dim: number, index: Tensor): number {
  checkWhole(operation, index);
  if (index.rank > 1) {
    fail(`${operation}: the indices are not a list`, {
      got: `an index of shape ${showShape(index.shape)}`,
      needs: 'one dim',
      fix: 'use gather for one index for each entry, or x.index(…) for any shape of indices',
    });
  }
  return normalizeDim(operation, dim, shape.length);
}

/** What is scattered, cut or repeated to the shape of the index. */
export function sourceFor(operation: string, x: Tensor, index: Tensor, src: Tensor | number): Tensor {
  if (typeof src === 'number') return constant(src, index.shape, x.dtype);
  const fits = src.dtype === x.dtype && src.rank === index.rank && index.shape.every((size, d) => size <= src.shape[d]);
  if (!fits) {
    fail(`${operation}: the source does not fit the index`, {
      got: `source ${showShape(src.shape)} ${src.dtype}, index ${showShape(index.shape)}, tensor ${x.dtype}`,
      needs: `dtype ${x.dtype} and at least ${showShape(index.shape)}`,
      fix: 'one entry of the source for each index; convert it if only the dtype differs',
    });
  }
  return slice(
    src,
    index.shape.map((size) => ({ start: 0, step: 1, size })),
  );
}
