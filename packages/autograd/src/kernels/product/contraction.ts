import { entriesOf } from '../../core/shape.ts';

export type FloatArray = Float32Array | Float64Array;

/** Matrices of one size in a typed array, one for every entry of a batch. Offset and strides count elements. */
export interface Matrices {
  readonly data: FloatArray;
  readonly offset: number;
  readonly batchStrides: readonly number[];
  readonly rowStride: number;
  readonly columnStride: number;
}

/**
 * The task: out [...batch, m, n] = a [...batch, m, k] times b [...batch, k, n]. The rows of out begin `outRowStride`
 * apart, from outOffset on; its matrices follow one another.
 */
export interface Contraction {
  readonly out: FloatArray;
  readonly outOffset: number;
  readonly outRowStride: number;
  readonly batch: readonly number[];
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Matrices;
  readonly b: Matrices;
}

/** Calls `visit` for every entry of the batch, in order, with the places where the matrices of that entry begin. */
export function forEachEntry(
  { batch, m, outOffset, outRowStride, a, b }: Contraction,
  visit: (outOffset: number, aOffset: number, bOffset: number) => void,
): void {
  let target = outOffset;
  const walk = (axis: number, aOffset: number, bOffset: number): void => {
    if (axis === batch.length) {
      visit(target, aOffset, bOffset);
      target += m * outRowStride;
      return;
    }
    for (let i = 0; i < batch[axis]; i++) {
      walk(axis + 1, aOffset + i * a.batchStrides[axis], bOffset + i * b.batchStrides[axis]);
    }
  };
  walk(0, a.offset, b.offset);
}

/**
 * The same task with as few batch axes as possible: matrices of `a` that follow one another and meet the same matrix
 * of `b` are one tall matrix.
 */
export function folded(task: Contraction): Contraction {
  const { batch, m, a, b } = task;
  const last = batch.length - 1;
  if (last < 0) return task;
  const size = batch[last];
  const stride = a.batchStrides[last];
  const tall = b.batchStrides[last] === 0 && (m === 1 || stride === m * a.rowStride);
  if (size !== 1 && !tall) return task;
  return folded({
    ...task,
    batch: batch.slice(0, last),
    m: m * size,
    a: {
      ...a,
      batchStrides: a.batchStrides.slice(0, last),
      rowStride: size !== 1 && m === 1 ? stride : a.rowStride,
    },
    b: { ...b, batchStrides: b.batchStrides.slice(0, last) },
  });
}

/**
 * The task as two smaller ones, or nothing if it is a single sum. The depth is never cut: every sum keeps its order.
 */
export function halves(task: Contraction): readonly Contraction[] | undefined {
  const { batch, m, n } = task;
  const axis = batch.findIndex((size) => size > 1);
  if (axis >= 0) return halvesOfBatch(task, axis);
  if (Math.max(m, n) <= 1) return undefined;
  return n > m ? halvesOfColumns(task) : halvesOfRows(task);
}

function halvesOfBatch(task: Contraction, axis: number): readonly Contraction[] {
  const { batch, m, outRowStride, a, b } = task;
  const entry = entriesOf(batch.slice(axis + 1)) * m * outRowStride;
  return cut(batch[axis]).map(([start, size]) => ({
    ...task,
    batch: batch.with(axis, size),
    outOffset: task.outOffset + start * entry,
    a: { ...a, offset: a.offset + start * a.batchStrides[axis] },
    b: { ...b, offset: b.offset + start * b.batchStrides[axis] },
  }));
}

function halvesOfRows(task: Contraction): readonly Contraction[] {
  const { a } = task;
  return cut(task.m).map(([start, m]) => ({
    ...task,
    m,
    outOffset: task.outOffset + start * task.outRowStride,
    a: { ...a, offset: a.offset + start * a.rowStride },
  }));
}

function halvesOfColumns(task: Contraction): readonly Contraction[] {
  const { b } = task;
  return cut(task.n).map(([start, n]) => ({
    ...task,
    n,
    outOffset: task.outOffset + start,
    b: { ...b, offset: b.offset + start * b.columnStride },
  }));
}

/** In the middle, or near it at a place where the kernel's tiles end. */
function cut(length: number): readonly (readonly [start: number, length: number])[] {
  const wholeTiles = 16 * Math.ceil(length / 32);
  const half = wholeTiles < length ? wholeTiles : Math.ceil(length / 2);
  return [
    [0, half],
    [half, length - half],
  ];
}
