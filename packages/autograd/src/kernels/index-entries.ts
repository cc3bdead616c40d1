import { allocate } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';
import { type LoopNest, loopNest, visitOuter } from './iteration.ts';

/** Throws unless every entry of `index` is a whole number from 0 to `size - 1`. */
export function checkIndices(operation: string, index: Tensor, size: number): void {
  const nest = loopNest(index.shape, [index.strides]);
  if (index.length === 0) return;
  visitOuter(nest, nest.sizes.length, [index.offset], ([place]) => {
    const entry = index.storage[place as number] as number;
    if (entry >= 0 && entry < size) return;
    fail(`${operation}: an index is out of range`, {
      got: `index ${entry}`,
      needs: size === 0 ? 'no index at all: the dim has size 0' : `0 to ${size - 1}`,
      fix: 'check what the indices count: classes, rows and labels are counted from 0',
    });
  });
}

/** `out[i, j, …] = x[i, …, index[i, j, …], …]`, the index standing in `dim`; of the index's shape. */
export function gatherEntries(x: Tensor, dim: number, index: Tensor): Tensor {
  checkIndices('gather', index, x.shape[dim] as number);
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
  checkIndices('scatterAdd', index, shape[dim] as number);
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
