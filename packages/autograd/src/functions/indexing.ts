import { adopt, constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { broadcastShapes, entriesOf, type Shape, sameShape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import type { Counted } from '../kernels/index-entries.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { type Range, slice as sliceRanges } from '../primitives/linear/slice.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { nonzeroPlaces, ravelIndices } from '../primitives/piecewise/indices.ts';
import { checkWhole } from './check-dtype.ts';
import { type PutOptions, putFlat } from './gather.ts';
import { wholeIndex } from './movement.ts';

/** A part of a dim: `start` to but without `stop`, every `step`-th index. Python's `start:stop:step`. */
export interface Slice {
  /** Negative counts from the end. Default: 0. */
  readonly start?: number | null;
  /** Negative counts from the end; beyond the end is the end. Default: the end. */
  readonly stop?: number | null;
  /** At least 1. Default: 1. */
  readonly step?: number | null;
}

/**
 * What may stand between the brackets of `x[…]`: a whole number (negative ones count from the end), a part of a dim,
 * `null` (a new dim of size one), `'...'` (all dims not named), a tensor or array of whole numbers, or a tensor of truth
 * values.
 */
export type Index = number | Slice | null | '...' | Tensor | readonly number[];

/** A part of a dim, for `index`: `slice(1, 4)` is Python's `1:4`, `slice()` is `:`, `slice(null, null, 2)` is `::2`. */
export function slice(start: number | null = null, stop: number | null = null, step: number | null = null): Slice {
  return { start, stop, step };
}

/**
 * PyTorch's `x[…]`. Numbers, slices, `null` and `'...'` give a view. Tensors of whole numbers are broadcast together and
 * pick entry by entry; their dims stand where the first of them stood or, if something stands between them, in front. A
 * tensor of truth values stands for the indices of those that hold, and takes as many dims as it has.
 *
 * @throws GradtapeError if there are more indices than dims, one is out of range, the shapes of tensors do not broadcast,
 *   or a tensor of truth values has another shape than the dims that it stands for.
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * index(x, 1); // [4, 5, 6]
 * index(x, '...', slice(1)); // [[2, 3], [5, 6]]
 * index(x, [0, 1], [2, 0]); // [3, 4]
 */
export function index(x: Tensor, ...indices: readonly Index[]): Tensor {
  const { source, items } = applyNumbers(x, withEllipsis(x, indices));
  const { view, picks } = applyBasic(source, items);
  return picks.length === 0 ? view : pick(view, picks);
}

/** A tensor without dims stands for a number: it is taken first, and the number 0 put in its place. */
function applyNumbers(x: Tensor, indices: readonly Index[]): { source: Tensor; items: readonly Index[] } {
  let source = x;
  let next = 0;
  const items = indices.map((item) => {
    const dim = next;
    next += dimsOf(item);
    if (!(item instanceof Tensor) || item.rank > 0 || item.dtype === 'bool') return item;
    const counted = { operation: 'index', dim, size: x.shape[dim], fromEnd: true };
    source = takeAlong(source, dim, ravelIndices([indicesOf(item, [], dim)], [counted]));
    return 0;
  });
  return { source, items };
}

/** A dim at which a tensor of indices stands. */
interface Pick {
  /** The dim of the view. */
  readonly dim: number;
  /** dtype int32. */
  readonly indices: Tensor;
  readonly counted: Counted;
}

/** How many dims of the tensor an index stands for. */
function dimsOf(item: Index): number {
  if (item === null) return 0;
  return item instanceof Tensor && item.dtype === 'bool' ? item.rank : 1;
}

/** The indices, with whole slices for the ellipsis, or after the last where there is none. */
function withEllipsis({ shape }: Tensor, indices: readonly Index[]): Index[] {
  const [place = indices.length, second] = indices.flatMap((item, i) => (item === '...' ? [i] : []));
  if (second !== undefined) {
    fail("index: more than one '...'", {
      got: `'...' at places ${place} and ${second}`,
      needs: 'at most one: how many dims each stands for would be open',
      fix: 'write slice() for each dim of one of them',
    });
  }
  const [before, after] = [indices.slice(0, place), indices.slice(place + 1)];
  const named = [...before, ...after].reduce((count: number, item) => count + dimsOf(item), 0);
  if (named > shape.length) {
    fail('index: more indices than dims', {
      got: `indices for ${named} dims of a tensor of shape ${showShape(shape)}`,
      needs: `at most ${shape.length}`,
      fix: 'remove indices, or add dims with null',
    });
  }
  return [...before, ...Array.from({ length: shape.length - named }, (): Slice => ({})), ...after];
}

/** What numbers, slices and new dims make of the tensor, and at which of its dims tensors of indices stand. */
function applyBasic(x: Tensor, indices: readonly Index[]): { view: Tensor; picks: readonly Pick[] } {
  const ranges: Range[] = [];
  const shape: number[] = [];
  const picks: Pick[] = [];
  for (const item of indices) {
    const dim = ranges.length;
    const sizes = x.shape.slice(dim, dim + dimsOf(item));
    const [size] = sizes;
    if (item === null) shape.push(1);
    else if (item === '...') continue;
    else if (typeof item === 'number') {
      ranges.push({ start: wholeIndex('index', item, size, dim), step: 1, size: 1 });
    } else if (item instanceof Tensor || Array.isArray(item)) {
      const indexTensor = indicesOf(item as Tensor | readonly number[], sizes, dim);
      const length = entriesOf(sizes);
      picks.push({
        dim: shape.length,
        indices: indexTensor,
        counted: { operation: 'index', dim, size: length, fromEnd: true },
      });
      ranges.push(...sizes.map((each): Range => ({ start: 0, step: 1, size: each })));
      shape.push(length);
    } else {
      const range = rangeOf(item as Slice, size, dim);
      ranges.push(range);
      shape.push(range.size);
    }
  }
  return { view: reshape(sliceRanges(x, ranges), shape), picks };
}

/** A slice as PyTorch and Python read it: what lies beyond an end is cut off. */
function rangeOf({ start, stop, step }: Slice, size: number, dim: number): Range {
  const by = step ?? 1;
  const bounds = [start ?? 0, stop ?? size];
  if (!Number.isInteger(by) || by < 1 || !bounds.every(Number.isInteger)) {
    fail('index: not a slice', {
      got: `start ${start}, stop ${stop}, step ${step} for dim ${dim}`,
      needs: 'whole numbers, and a step of at least 1',
      fix: 'use flip(x, dim) to turn a dim round',
    });
  }
  const [first, end] = bounds.map((at) => Math.min(Math.max(at < 0 ? at + size : at, 0), size));
  return { start: first, step: by, size: Math.max(0, Math.ceil((end - first) / by)) };
}

/** The indices as a tensor of whole numbers, which count along the dims flattened. */
function indicesOf(item: Tensor | readonly number[], sizes: Shape, dim: number): Tensor {
  if (!(item instanceof Tensor)) {
    item.forEach((each) => {
      wholeIndex('index', each, sizes[0], dim);
    });
    return adopt(Int32Array.from(item), [item.length]);
  }
  if (item.dtype !== 'bool') {
    checkWhole('index', item);
    return item;
  }
  if (!sameShape(item.shape, sizes)) {
    fail('index: the mask has another shape than the dims that it stands for', {
      got: `a mask of shape ${showShape(item.shape)} at dim ${dim}, for sizes ${showShape(sizes)}`,
      needs: showShape(sizes),
      fix: 'put slice() before the mask to move it to a later dim; maskedSelect broadcasts',
    });
  }
  return nonzeroPlaces(item);
}

/** Picks entries by tensors of indices, broadcast together. */
function pick(x: Tensor, picks: readonly Pick[]): Tensor {
  const dims = picks.map(({ dim }) => dim);
  const [first] = dims;
  const adjacent = dims.every((dim, k) => dim === first + k);
  const at = adjacent ? first : 0;
  const others = x.shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const source = adjacent ? x : permuteDims(x, [...dims, ...others]);
  const [before, after] = [source.shape.slice(0, at), source.shape.slice(at + dims.length)];
  const flat = reshape(source, [...before, entriesOf(dims.map((dim) => x.shape[dim])), ...after]);

  const shape = broadcastShapes(
    'index',
    picks.map(({ indices }) => indices.shape),
  );
  const places = ravelIndices(
    picks.map(({ indices }) => broadcastTo(indices, shape)),
    picks.map(({ counted }) => counted),
  );
  return reshape(takeAlong(flat, at, reshape(places, [places.length])), [...before, ...shape, ...after]);
}

/**
 * `x` with the entries that {@link index} reads replaced, or added to: PyTorch's `x[…] = values`. Where several go to one
 * place the last one counts, unless they are added up.
 *
 * @param indices As {@link index} takes them, in an array.
 * @param values A number, or a tensor of the dtype of `x` that broadcasts to the shape of what `index` reads.
 * @throws GradtapeError as {@link index}, and if the values do not fit.
 * @example
 * indexPut(zeros([2, 3]), [slice(), [0, 2]], tensor([5, 6])); // [[5, 0, 6], [5, 0, 6]]
 * indexPut(zeros([2]), [[1, 1]], 2, { accumulate: true }); // [0, 4]
 */
export function indexPut(
  x: Tensor,
  indices: readonly Index[],
  values: Tensor | number,
  { accumulate = false }: PutOptions = {},
): Tensor {
  const numbered = adopt(
    Int32Array.from({ length: x.length }, (_, i) => i),
    x.shape,
  );
  const places = index(numbered, ...indices);
  const source = values instanceof Tensor ? values : constant(values, [], x.dtype);
  const shape = broadcastShapes('indexPut', [source.shape, places.shape]);
  if (!sameShape(shape, places.shape) || source.dtype !== x.dtype) {
    fail('indexPut: the values do not fit', {
      got: `values of shape ${showShape(source.shape)} and dtype ${source.dtype}`,
      needs: `dtype ${x.dtype}, and a shape that broadcasts to ${showShape(places.shape)}`,
      fix: 'look at the shape of index(x, …) with the same indices',
    });
  }
  const list = [places.length];
  return putFlat(x, reshape(places, list), reshape(broadcastTo(source, places.shape), list), accumulate);
}
