import { type DType, newStorage } from '../core/dtype.ts';
import { contiguousStrides, entriesOf, type Shape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { type Choose, chooseAmong } from './choose.ts';

/** How a dim lies in memory. */
type Layout = 'forwards' | 'backwards' | 'every other' | 'repeated';

/** How a tensor lies in memory: its dims' layouts, their order from the outermost, and the entries before the first. */
export interface MemoryPlan {
  readonly layouts: readonly Layout[];
  readonly order: readonly number[];
  readonly offset: number;
}

export function contiguousPlan(rank: number): MemoryPlan {
  const dims = Array.from({ length: rank }, (_, d) => d);
  return { layouts: dims.map(() => 'forwards'), order: dims, offset: 0 };
}

/** Contiguous two times out of five; else any order of dims, gaps, steps backwards and, if allowed, repetitions. */
export function chooseMemoryPlan(choose: Choose, rank: number, repeats: boolean): MemoryPlan {
  const contiguous = contiguousPlan(rank);
  if (choose(0, 4) < 2) return contiguous;
  const layouts = contiguous.layouts.map(() =>
    chooseAmong<Layout>(choose, [
      [9, 'forwards'],
      [2, 'backwards'],
      [2, 'every other'],
      [2, repeats ? 'repeated' : 'forwards'],
    ]),
  );
  const left = [...contiguous.order];
  const order = contiguous.order.map(() => left.splice(choose(0, left.length - 1), 1)[0]);
  return { layouts, order, offset: choose(0, 5) };
}

/** Between entries lies what a wrong stride would find. */
const GARBAGE: Readonly<Record<DType, number>> = { float32: Number.NaN, float64: Number.NaN, int32: 1e9, bool: 1 };

/** A tensor that lies in memory as planned, its entries asked for in reading order (repeated ones again each time). */
export function placed(
  shape: Shape,
  dtype: DType,
  { layouts, order, offset }: MemoryPlan,
  entry: () => number,
): Tensor {
  const stored = shape.map((size, d) =>
    layouts[d] === 'repeated' ? 1 : layouts[d] === 'every other' ? 2 * size : size,
  );
  const inOrder = contiguousStrides(order.map((d) => stored[d]));
  const storage = newStorage(dtype, offset + entriesOf(stored) + 2).fill(GARBAGE[dtype]);
  let start = offset;
  const strides = shape.map((size, d) => {
    const step = inOrder[order.indexOf(d)];
    if (layouts[d] === 'repeated') return 0;
    if (layouts[d] === 'every other') return 2 * step;
    if (layouts[d] === 'forwards') return step;
    start += Math.max(size - 1, 0) * step;
    return -step;
  });
  const fill = (dim: number, at: number): void => {
    if (dim === shape.length) storage[at] = entry();
    else for (let i = 0; i < shape[dim]; i++) fill(dim + 1, at + i * strides[dim]);
  };
  fill(0, start);
  return new Tensor(storage, dtype, shape, strides, start);
}
