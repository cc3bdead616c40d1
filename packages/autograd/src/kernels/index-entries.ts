import { adopt, allocate, view } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';
import { type LoopNest, loopNest, visitOuter } from './iteration.ts';

/** What indices count, for errors: along `dim`, of this size. */
export interface Counted {
  readonly operation: string;
  readonly dim: number;
  readonly size: number;
  /** Whether negative indices count from the end. */
  readonly fromEnd: boolean;
}

/** Throws unless every entry of `index` is a whole number from 0 to `size - 1` (from `-size` if counted from the end). */
export function checkIndices(index: Tensor, counted: Counted): void {
  const { storage, offset, length } = inReadingOrder(withoutRepetition(index));
  const lowest = counted.fromEnd ? -counted.size : 0;
  for (let i = offset; i < offset + length; i++) {
    const entry = storage[i];
    if (!(entry >= lowest && entry < counted.size)) failOnIndex(entry, counted);
  }
}

function failOnIndex(entry: number, { operation, dim, size, fromEnd }: Counted): never {
  const negative = entry < 0 && !fromEnd && entry >= -size;
  return fail(`${operation}: an index is out of range`, {
    got: `index ${entry} of dim ${dim}, which has size ${size}`,
    needs: size === 0 ? 'no index at all: the dim is empty' : `${fromEnd ? -size : 0} to ${size - 1}`,
    fix: negative
      ? `add the size to negative indices: ${entry} counted from the end is ${entry + size}`
      : 'check which dim the indices count, and that they count from 0',
  });
}

/** Every distinct entry: dims along which a tensor repeats itself, cut to size one. */
function withoutRepetition(x: Tensor): Tensor {
  if (x.length === 0 || !x.strides.includes(0)) return x;
  return view(
    x,
    x.shape.map((size, d) => (x.strides[d] === 0 ? 1 : size)),
    x.strides,
    x.offset,
  );
}

/**
 * One index for each of several dims, joined to one index of the dim that they become when they are flattened; counted
 * from the front. All inputs have one shape.
 */
export function ravelEntries(indices: readonly Tensor[], counted: readonly Counted[]): Tensor {
  const out = allocate(indices[0].shape, 'int32');
  indices.forEach((index, k) => {
    checkIndices(index, counted[k]);
    const { size } = counted[k];
    const { storage, offset } = inReadingOrder(index);
    for (let i = 0; i < out.length; i++) {
      const entry = storage[offset + i];
      out.storage[out.offset + i] = out.storage[out.offset + i] * size + (entry < 0 ? entry + size : entry);
    }
  });
  return out;
}

/** Whether no entry of an index that comes later, along `dim`, points to the same place of a tensor of `shape`. dtype bool. */
export function lastPointers(index: Tensor, dim: number, shape: Shape): Tensor {
  const length = entriesOf(shape);
  const places = adopt(
    Int32Array.from({ length }, (_, i) => i),
    shape,
  );
  const { storage: targets, offset } = gatherEntries(places, dim, index, 'scatter');
  const last = new Int32Array(length);
  for (let i = 0; i < index.length; i++) last[targets[offset + i]] = i;
  const out = allocate(index.shape, 'bool');
  for (let i = 0; i < index.length; i++) out.storage[out.offset + i] = Number(last[targets[offset + i]] === i);
  return out;
}

/** The places, in reading order, of the entries that are not zero. dtype int32. */
export function placesOfNonzero(x: Tensor): Tensor {
  const { storage, offset, length } = inReadingOrder(x);
  let count = 0;
  for (let i = 0; i < length; i++) if (storage[offset + i] !== 0) count++;
  const out = allocate([count], 'int32');
  let at = out.offset;
  for (let i = 0; i < length; i++) if (storage[offset + i] !== 0) out.storage[at++] = i;
  return out;
}

/** `out[i, j, …] = x[i, …, index[i, j, …], …]`, the index standing in `dim`; of the index's shape. */
export function gatherEntries(x: Tensor, dim: number, index: Tensor, operation = 'gather'): Tensor {
  checkIndices(index, { operation, dim, size: x.shape[dim], fromEnd: false });
  const out = allocate(index.shape, x.dtype);
  if (index.length === 0) return out;
  const step = x.strides[dim] as number;
  const { storage: from } = x;
  const { storage: to } = out;
  const { storage: indices } = index;
  const loops = loopsOf(index, withoutDim(x.strides, dim), index.strides);
  let at = out.offset;
  visitOuter(loops.nest, loops.outer, [x.offset, index.offset], (places) => {
    const [xAt, indexAt] = places as [number, number];
    for (let i = 0; i < loops.count; i++) {
      to[at++] = from[xAt + i * loops.first + (indices[indexAt + i * loops.second] as number) * step] as number;
    }
  });
  return out;
}

/** Two operands visited in the order of an index: the loops outside, and the innermost with its two steps. */
function loopsOf(
  index: Tensor,
  first: readonly number[],
  second: readonly number[],
): { nest: LoopNest; outer: number; count: number; first: number; second: number } {
  const nest = loopNest(index.shape, [first, second]);
  const last = nest.sizes.length - 1;
  const step = (operand: number): number => nest.strides[operand]?.[last] ?? 0;
  return { nest, outer: Math.max(last, 0), count: nest.sizes[last] ?? 1, first: step(0), second: step(1) };
}

function withoutDim(strides: readonly number[], dim: number): number[] {
  return strides.map((step, d) => (d === dim ? 0 : step));
}

/** Zeros of `shape`, with each entry of `x` added where the index of the same place points along `dim`; `x` has the index's shape. */
export function scatterSum(x: Tensor, index: Tensor, dim: number, shape: Shape): Tensor {
  checkIndices(index, { operation: 'scatterAdd', dim, size: shape[dim], fromEnd: false });
  const out = allocate(shape, x.dtype);
  if (index.length === 0) return out;
  const step = out.strides[dim] as number;
  const { storage: to } = out;
  const { storage: from, offset } = inReadingOrder(x);
  const { storage: indices } = index;
  const loops = loopsOf(index, withoutDim(out.strides, dim), index.strides);
  let at = offset;
  visitOuter(loops.nest, loops.outer, [out.offset, index.offset], (places) => {
    const [outAt, indexAt] = places as [number, number];
    for (let i = 0; i < loops.count; i++) {
      const place = outAt + i * loops.first + (indices[indexAt + i * loops.second] as number) * step;
      to[place] = (to[place] as number) + (from[at++] as number);
    }
  });
  return out;
}
