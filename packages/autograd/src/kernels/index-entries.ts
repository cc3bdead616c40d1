import { adopt, allocate, allocateUnfilled, view } from '../core/allocate.ts';
import type { DType, Storage } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';
import { loopNest, visitOuter } from './iteration.ts';
import { compileSource } from './javascript.ts';
import { perDType } from './per-dtype.ts';
import { copyInto } from './place.ts';

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
  const out = allocateUnfilled(index.shape, x.dtype);
  alongIndex(gatherLines(x.dtype), out.storage, out.offset, x, dim, index);
  return out;
}

/** Zeros of `shape`, with each entry of `x` added where the index of the same place points along `dim`; `x` has the index's shape. */
export function scatterSum(x: Tensor, index: Tensor, dim: number, shape: Shape): Tensor {
  checkIndices(index, { operation: 'scatterAdd', dim, size: shape[dim], fromEnd: false });
  const out = allocate(shape, x.dtype);
  const ordered = inReadingOrder(x);
  alongIndex(scatterLines(x.dtype), ordered.storage, ordered.offset, out, dim, index);
  return out;
}

/** How entries that meet in one place become one. */
export type Meeting = 'largest' | 'smallest' | 'product';

/** A copy of `x` with each entry of `src` joined to the one where the index of the same place points along `dim`. */
export function scatterCombined(x: Tensor, src: Tensor, index: Tensor, dim: number, meeting: Meeting): Tensor {
  checkIndices(index, { operation: 'scatterReduce', dim, size: x.shape[dim], fromEnd: false });
  const out = allocateUnfilled(x.shape, x.dtype);
  copyInto(out, x);
  const ordered = inReadingOrder(src);
  alongIndex(combiningLines[meeting](x.dtype), ordered.storage, ordered.offset, out, dim, index);
  return out;
}

/**
 * Goes along a line of an index: `count` entries of the one operand lie side by side from `at`, those of the other at
 * `start`, `start + lineStep`, … and the index times `step` further.
 */
type LineLoop = (
  ordered: Storage,
  at: number,
  other: Storage,
  start: number,
  lineStep: number,
  step: number,
  indices: Storage,
  indexAt: number,
  indexStep: number,
  count: number,
) => void;

/** Runs a loop along every line of an index; `ordered` has the index's shape and lies in reading order. */
function alongIndex(loop: LineLoop, ordered: Storage, from: number, other: Tensor, dim: number, index: Tensor): void {
  if (index.length === 0) return;
  const beside = other.strides.map((step, d) => (d === dim ? 0 : step));
  const { sizes, strides } = loopNest(index.shape, [beside, index.strides]);
  const last = sizes.length - 1;
  const [count, lineStep, indexStep] = [sizes[last] ?? 1, strides[0][last] ?? 0, strides[1][last] ?? 0];
  let at = from;
  visitOuter({ sizes, strides }, Math.max(last, 0), [other.offset, index.offset], ([start, indexAt]) => {
    loop(ordered, at, other.storage, start, lineStep, other.strides[dim], index.storage, indexAt, indexStep, count);
    at += count;
  });
}

const gatherLines = lineLoops('ordered[at + i] = other[place];', (ordered, at, other, place) => {
  ordered[at] = other[place];
});
const scatterLines = lineLoops('other[place] += ordered[at + i];', (ordered, at, other, place) => {
  other[place] += ordered[at];
});

const combiningLines: Readonly<Record<Meeting, (dtype: DType) => LineLoop>> = {
  largest: lineLoops('other[place] = Math.max(other[place], ordered[at + i]);', (ordered, at, other, place) => {
    other[place] = Math.max(other[place], ordered[at]);
  }),
  smallest: lineLoops('other[place] = Math.min(other[place], ordered[at + i]);', (ordered, at, other, place) => {
    other[place] = Math.min(other[place], ordered[at]);
  }),
  product: lineLoops('other[place] *= ordered[at + i];', (ordered, at, other, place) => {
    other[place] *= ordered[at];
  }),
};

function lineLoops(
  statement: string,
  entry: (ordered: Storage, at: number, other: Storage, place: number) => void,
): (dtype: DType) => LineLoop {
  const source = `for (let i = 0; i < count; i++) {
      const place = start + i * lineStep + indices[indexAt + i * indexStep] * step;
      ${statement}
    }`;
  const parameters = 'ordered, at, other, start, lineStep, step, indices, indexAt, indexStep, count';
  return perDType(() => (compileSource(parameters, source) as LineLoop | undefined) ?? interpretedLines(entry));
}

/** The same loop without compiled source: slower, and the reference. */
function interpretedLines(entry: (ordered: Storage, at: number, other: Storage, place: number) => void): LineLoop {
  return (ordered, at, other, start, lineStep, step, indices, indexAt, indexStep, count) => {
    for (let i = 0; i < count; i++) {
      entry(ordered, at + i, other, start + i * lineStep + indices[indexAt + i * indexStep] * step);
    }
  };
}
