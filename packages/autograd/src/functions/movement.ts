import { promote } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { checkShape, entriesOf, normalizeDim, normalizeDims, type Shape, showShape } from '../core/shape.ts';
import type {
  Checked,
  DimArgument,
  Flowing,
  PermutedShape,
  PermuteError,
  SwappedShape,
  WithUnknowns,
} from '../core/shape-types.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { convert } from '../primitives/linear/convert.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape as reshapeTo } from '../primitives/linear/reshape.ts';
import { embed, type Range, rangesWith, slice as sliceRanges } from '../primitives/linear/slice.ts';

/**
 * The same entries in reading order under another shape; one size may be -1, which takes what is left. A view where the
 * entries lie in that order.
 *
 * @throws GradtapeError if the number of entries differs.
 */
export function reshape<T extends Tensor, const S extends Shape>(
  x: T,
  shape: S,
): Tensor<Flowing<ShapeOf<T>, WithUnknowns<S>>> {
  return reshapeTo(x, completeShape(x, shape)) as Tensor<Flowing<ShapeOf<T>, WithUnknowns<S>>>;
}

/**
 * {@link reshape} to the shape of another tensor.
 *
 * @throws GradtapeError if the number of entries differs.
 * @example
 * reshapeAs(tensor([1, 2, 3, 4]), zeros([2, 2])); // [[1, 2], [3, 4]]
 */
export function reshapeAs<T extends Tensor>(x: Tensor, other: T): Tensor<ShapeOf<T>> {
  return reshape(x, other.shape) as Tensor<ShapeOf<T>>;
}

function completeShape(x: Tensor, shape: Shape): Shape {
  const open = shape.indexOf(-1);
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const complete = open < 0 ? shape : shape.map((size, d) => (d === open ? x.length / known : size));
  const fits = complete.every((size) => Number.isInteger(size) && size >= 0) && entriesOf(complete) === x.length;
  if (fits) return [...complete];
  return fail('reshape: the shape does not hold the entries', {
    got: `${showShape(x.shape)} (${x.length} entries) to ${showShape(shape)}`,
    needs:
      open < 0 ? `sizes whose product is ${x.length}` : `sizes beside the one -1 whose product divides ${x.length}`,
    fix: 'use -1 for the one size that should follow from the others',
  });
}

/** One dim of all entries from dim `start` to dim `end`. */
export function flatten(x: Tensor, start = 0, end = -1): Tensor {
  if (x.rank === 0) return reshapeTo(x, [1]);
  const [first, last] = [normalizeDim('flatten', start, x.rank), normalizeDim('flatten', end, x.rank)];
  if (first > last)
    fail('flatten: the dims are in the wrong order', {
      got: `from ${start} to ${end}`,
      needs: 'start before end',
      fix: 'swap them',
    });
  return reshapeTo(x, [
    ...x.shape.slice(0, first),
    entriesOf(x.shape.slice(first, last + 1)),
    ...x.shape.slice(last + 1),
  ]);
}

/**
 * One dim seen as several, whose sizes multiply to its own; one of them may be -1. The way back from {@link flatten}.
 *
 * @throws GradtapeError if the dim is out of range, or the sizes do not make it up.
 * @example
 * unflatten(arange(6), 0, [2, -1]); // [[0, 1, 2], [3, 4, 5]]
 */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  const d = normalizeDim('unflatten', dim, x.rank);
  const size = x.shape[d] ?? 1;
  const known = entriesOf(sizes.filter((each) => each !== -1));
  const open = sizes.map((each) => (each === -1 ? size / known : each));
  const fits = sizes.length > 0 && sizes.filter((each) => each === -1).length <= 1;
  if (x.rank === 0 || !fits || !open.every((each) => Number.isInteger(each) && each >= 0) || entriesOf(open) !== size) {
    fail('unflatten: the sizes do not make up the dim', {
      got: `${showShape(sizes)} for dim ${dim} of shape ${showShape(x.shape)}`,
      needs: `sizes whose product is ${size}; one of them may be -1`,
      fix: 'use -1 for the size that follows from the others',
    });
  }
  return reshapeTo(x, [...x.shape.slice(0, d), ...open, ...x.shape.slice(d + 1)]);
}

/** The dims in another order: dim `d` of the result is dim `order[d]` of the input. A view. */
export function permute<T extends Tensor, const Order extends Shape>(
  x: T,
  order: Checked<Order, PermuteError<ShapeOf<T>, Order>>,
): Tensor<PermutedShape<ShapeOf<T>, Order>> {
  const dims = (order as Shape).map((dim) => normalizeDim('permute', dim, x.rank));
  if (dims.length !== x.rank || new Set(dims).size !== x.rank) {
    fail('permute: not an order of the dims', {
      got: `${showShape(order as Shape)} for shape ${showShape(x.shape)}`,
      needs: `each of the ${x.rank} dims once`,
      fix: 'name every dim; use transpose(i, j) to swap two',
    });
  }
  return permuteDims(x, dims) as Tensor<PermutedShape<ShapeOf<T>, Order>>;
}

/** Two dims swapped. A view. */
export function transpose<T extends Tensor, I extends number, J extends number>(
  x: T,
  first: DimArgument<ShapeOf<T>, I>,
  second: DimArgument<ShapeOf<T>, J>,
): Tensor<SwappedShape<ShapeOf<T>, I, J>> {
  const [i, j] = [normalizeDim('transpose', first, x.rank), normalizeDim('transpose', second, x.rank)];
  const order = x.shape.map((_, d) => (d === i ? j : d === j ? i : d));
  return permuteDims(x, order) as Tensor<SwappedShape<ShapeOf<T>, I, J>>;
}

/** A matrix with rows and columns swapped; a tensor of fewer dims as it is. A view. */
export function t(x: Tensor): Tensor {
  if (x.rank > 2) {
    fail('t: not a matrix', {
      got: `shape ${showShape(x.shape)}`,
      needs: 'at most 2 dims',
      fix: 'use transpose(i, j) or permute([…])',
    });
  }
  return permuteDims(
    x,
    x.shape.map((_, d) => x.rank - 1 - d),
  );
}

/** Dims moved to other places; the others keep their order. A view. */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const list = (dims: number | readonly number[]) =>
    (typeof dims === 'number' ? [dims] : dims).map((d) => normalizeDim('movedim', d, x.rank));
  const [from, to] = [list(source), list(destination)];
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    fail('movedim: the dims do not pair up', {
      got: `${showShape(from)} to ${showShape(to)}`,
      needs: 'as many places as dims, each once',
      fix: 'give one destination for each source',
    });
  }
  const rest = x.shape.flatMap((_, d) => (from.includes(d) ? [] : [d]));
  return permuteDims(
    x,
    x.shape.map((_, d) => (to.includes(d) ? (from[to.indexOf(d)] as number) : (rest.shift() as number))),
  );
}

/** Without a dim of size one (it stays if it has another size), or without any of them. */
export function squeeze(x: Tensor, dims?: number | readonly number[]): Tensor {
  const chosen = normalizeDims('squeeze', dims, x.rank);
  return reshapeTo(
    x,
    x.shape.filter((size, d) => size !== 1 || !chosen.includes(d)),
  );
}

/** With a new dim of size one at place `dim`. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const at = normalizeDim('unsqueeze', dim, x.rank + 1);
  return reshapeTo(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** `length` indices of a dim from `start`. A view. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const d = normalizeDim('narrow', dim, x.rank);
  const size = x.shape[d] ?? 1;
  const first = start < 0 ? start + size : start;
  if (!Number.isInteger(first) || !Number.isInteger(length) || first < 0 || length < 0 || first + length > size) {
    fail('narrow: the part lies outside of the dim', {
      got: `${length} indices from ${start} of dim ${dim}, which has size ${size}`,
      needs: 'start ≥ 0 and start + length ≤ size',
      fix: 'check the dim, or shorten the part',
    });
  }
  return sliceRanges(x, rangesWith(x.shape, d, { start: first, step: 1, size: length }));
}

/** One index of a dim, which goes away. A view. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const d = normalizeDim('select', dim, x.rank);
  const at = wholeIndex('select', index, x.shape[d] ?? 0, dim);
  const part = sliceRanges(x, rangesWith(x.shape, d, { start: at, step: 1, size: 1 }));
  return reshapeTo(
    part,
    x.shape.filter((_, k) => k !== d),
  );
}

/** An index that may count from the end, from the front; throws where there is none such. */
export function wholeIndex(operation: string, index: number, size: number, dim: number): number {
  if (!Number.isInteger(index) || index < -size || index >= size) {
    fail(`${operation}: index out of range`, {
      got: `index ${index} of dim ${dim}, which has size ${size}`,
      needs: size === 0 ? 'a dim that is not empty' : `${-size} to ${size - 1}`,
      fix: 'check which dim the index counts',
    });
  }
  return index < 0 ? index + size : index;
}

/** The order of entries along dims turned round. A view. */
export function flip(x: Tensor, dims: number | readonly number[]): Tensor {
  const chosen = normalizeDims('flip', dims, x.rank);
  return sliceRanges(
    x,
    x.shape.map(
      (size, d): Range =>
        chosen.includes(d) && size > 0 ? { start: size - 1, step: -1, size } : { start: 0, step: 1, size },
    ),
  );
}

/** Entries moved along dims; what leaves at one end comes in at the other. */
export function roll(x: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
  if (dims === undefined) return reshapeTo(roll(flatten(x), shifts, 0), x.shape);
  const by = typeof shifts === 'number' ? [shifts] : shifts;
  const along = (typeof dims === 'number' ? [dims] : dims).map((d) => normalizeDim('roll', d, x.rank));
  if (by.length !== along.length)
    fail('roll: shifts and dims do not pair up', {
      got: `${by.length} shifts, ${along.length} dims`,
      needs: 'as many shifts as dims',
      fix: 'give one shift for each dim',
    });
  return along.reduce((rolled: Tensor, dim, k) => {
    const size = rolled.shape[dim] as number;
    if (size === 0) return rolled;
    const cut = ((-(by[k] as number) % size) + size) % size;
    return cut === 0 ? rolled : concatAlong([narrow(rolled, dim, cut, size - cut), narrow(rolled, dim, 0, cut)], dim);
  }, x);
}

/** Tensors joined along a dim; their other sizes must agree. dtypes are promoted. */
export function concat(tensors: readonly Tensor[], dim = 0): Tensor {
  const [first] = tensors;
  if (first === undefined)
    return fail('concat: nothing to join', {
      got: 'no tensors',
      needs: 'at least one',
      fix: 'use zeros([0, …]) as the start',
    });
  const d = normalizeDim('concat', dim, first.rank);
  const agree =
    first.rank > 0 &&
    tensors.every((x) => x.rank === first.rank && x.shape.every((size, k) => k === d || size === first.shape[k]));
  if (!agree) {
    fail('concat: the shapes do not fit', {
      got: `${tensors.map((x) => showShape(x.shape)).join(', ')} along dim ${dim}`,
      needs: 'at least one dim, and equal sizes in every dim but that one',
      fix: 'use stack to join along a new dim',
    });
  }
  const dtype = tensors.reduce((common, x) => promote(common, 1, x.dtype, 1), first.dtype);
  return concatAlong(
    tensors.map((x) => (x.dtype === dtype ? x : convert(x, dtype))),
    d,
  );
}

/** Tensors of one shape joined along a new dim. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  const [first] = tensors;
  if (first === undefined)
    return fail('stack: nothing to join', {
      got: 'no tensors',
      needs: 'at least one',
      fix: 'use zeros([0, …]) as the start',
    });
  if (!tensors.every((x) => showShape(x.shape) === showShape(first.shape))) {
    fail('stack: the shapes differ', {
      got: tensors.map((x) => showShape(x.shape)).join(', '),
      needs: 'one shape',
      fix: 'use concat to join along a dim that there is',
    });
  }
  const at = normalizeDim('stack', dim, first.rank + 1);
  return concat(
    tensors.map((x) => unsqueeze(x, at)),
    at,
  );
}

/** Parts along a dim: of one size (the last may be smaller), or of the sizes listed. Views. */
export function split(x: Tensor, sizes: number | readonly number[], dim = 0): Tensor[] {
  const d = normalizeDim('split', dim, x.rank);
  const size = x.shape[d] ?? 0;
  const parts = typeof sizes === 'number' ? equalParts(size, sizes) : sizes;
  if (parts.reduce((a, b) => a + b, 0) !== size) {
    fail('split: the parts do not make up the dim', {
      got: `${showShape(parts)} of dim ${dim}, which has size ${size}`,
      needs: `sizes that add up to ${size}`,
      fix: 'adjust the last part',
    });
  }
  let start = 0;
  return parts.map((length) => {
    const part = narrow(x, d, start, length);
    start += length;
    return part;
  });
}

function equalParts(size: number, part: number): number[] {
  checkShape('split', [part]);
  if (part === 0 && size > 0)
    fail('split: parts of size 0', { got: 'part size 0', needs: '1 or more', fix: 'give a positive size' });
  const count = Math.max(1, Math.ceil(size / Math.max(part, 1)));
  return Array.from({ length: count }, (_, i) => Math.min(part, size - i * part));
}

/** At most `chunks` parts of equal size along a dim; the last may be smaller. Views. */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (!Number.isInteger(chunks) || chunks < 1)
    fail('chunk: not a number of parts', { got: `${chunks}`, needs: 'a whole number, 1 or more', fix: 'chunk(x, 2)' });
  const size = x.shape[normalizeDim('chunk', dim, x.rank)] ?? 0;
  return split(x, Math.max(1, Math.ceil(size / chunks)), dim);
}

/** Every index of a dim by itself, the dim gone. Views. */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  const d = normalizeDim('unbind', dim, x.rank);
  return Array.from({ length: x.shape[d] ?? 0 }, (_, i) => select(x, d, i));
}

/** Zeros around a tensor: `[before, after]` for each dim from the first. Negative numbers cut off. */
export function padZeros(x: Tensor, margins: readonly (readonly [number, number])[]): Tensor {
  const cut = sliceRanges(
    x,
    x.shape.map((size, d): Range => {
      const [before, after] = margins[d] ?? [0, 0];
      const start = Math.max(0, -before);
      return { start, step: 1, size: Math.max(0, size - start - Math.max(0, -after)) };
    }),
  );
  const shape = cut.shape.map(
    (size, d) => size + Math.max(0, margins[d]?.[0] ?? 0) + Math.max(0, margins[d]?.[1] ?? 0),
  );
  return embed(
    cut,
    shape,
    cut.shape.map((size, d): Range => ({ start: Math.max(0, margins[d]?.[0] ?? 0), step: 1, size })),
  );
}
