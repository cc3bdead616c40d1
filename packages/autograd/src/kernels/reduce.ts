import { allocateUnfilled, view } from '../core/allocate.ts';
import type { DType, Storage } from '../core/dtype.ts';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';
import { type LoopNest, loopNest, visitOuter } from './iteration.ts';
import { compileSource, javaScriptMath } from './javascript.ts';
import { numbers } from './numbers.ts';
import type { Formula } from './scalar-math.ts';
import { type VectorReduce, vectorReduce } from './vector-reduce.ts';
import { type VectorReduceRows, vectorReduceRows } from './vector-reduce-rows.ts';

/** Entries are combined in blocks of this many, and the blocks then: errors grow with the root of the length, not with the length. */
const BLOCK = 512;

/** Reduces `dims`, which keep size one. Sums are accumulated in float64 whatever the dtype. */
export type ReduceKernel = (x: Tensor, dims: readonly number[], dtype: DType) => Tensor;

/** Two loops of entries that are combined inside two loops of results. */
interface ReduceLoops {
  /** For results far apart: finishes one result after the other. */
  each(...operands: (Storage | number)[]): void;
  /** For results that lie side by side: adds one row of entries after the other to a row of results. */
  rows(...operands: (Storage | number)[]): void;
}

/** The same by vectors, for float32 that lies well. */
interface VectorLoops {
  readonly each: VectorReduce;
  readonly rows: VectorReduceRows;
}

/** A kernel that combines entries with an associative formula, of which `initial` is the neutral value. */
export function reduceKernel(combine: Formula, initial: number): ReduceKernel {
  let loops: ReduceLoops | undefined;
  const byVectors = { each: vectorReduce(combine, initial), rows: vectorReduceRows(combine, initial) };
  return (x, dims, dtype) => {
    loops ??= compileLoops(combine, initial) ?? interpretedLoops(combine, initial);
    return runLoops(loops, byVectors, initial, x, dims, dtype);
  };
}

/** The shape with the named dims of size one. */
export function keptShape(shape: Shape, dims: readonly number[]): Shape {
  return shape.map((size, d) => (dims.includes(d) ? 1 : size));
}

/** A tensor whose first dims are the kept ones and whose last are the reduced ones; these in at most two loops. */
export function split(x: Tensor, dims: readonly number[]): { x: Tensor; kept: LoopNest; reduced: LoopNest } {
  const every = x.shape.map((_, d) => d);
  const pick = (from: Tensor, chosen: readonly number[]): LoopNest =>
    loopNest(
      chosen.map((d) => from.shape[d] as number),
      [chosen.map((d) => from.strides[d] as number)],
    );
  const keptDims = every.filter((d) => !dims.includes(d));
  const [kept, reduced] = [pick(x, keptDims), pick(x, dims)];
  if (reduced.sizes.length <= 2) return { x, kept, reduced };
  const order = [...keptDims, ...dims];
  const sorted = inReadingOrder(
    view(
      x,
      order.map((d) => x.shape[d] as number),
      order.map((d) => x.strides[d] as number),
      x.offset,
    ),
  );
  const count = keptDims.length;
  return { x: sorted, kept: pick(sorted, every.slice(0, count)), reduced: pick(sorted, every.slice(count)) };
}

function runLoops(
  loops: ReduceLoops,
  byVectors: VectorLoops,
  initial: number,
  input: Tensor,
  dims: readonly number[],
  dtype: DType,
): Tensor {
  const out = allocateUnfilled(keptShape(input.shape, dims), dtype);
  if (out.length === 0) return out;
  if (input.length === 0) {
    out.storage.fill(initial, out.offset, out.offset + out.length);
    return out;
  }
  const { x, kept, reduced } = split(input, dims);
  const rank = kept.sizes.length;
  const columns = kept.sizes[rank - 1] ?? 1;
  const columnStep = kept.strides[0]?.[rank - 1] ?? 0;
  const [outer, inner] = twoLoops(reduced);
  const sideBySide = columns > 1 && Math.abs(columnStep) < Math.abs(inner.step);
  const sums = sideBySide ? new Float64Array(2 * columns) : undefined;
  let at = out.offset;
  const steps = {
    columns,
    columnStep,
    outer: outer.size,
    outerStep: outer.step,
    inner: inner.size,
    innerStep: inner.step,
  };
  const tryVectors = (place: number, y: number): boolean => {
    if (sideBySide) return columnStep === 1 && byVectors.rows(x.storage, place, steps, out.storage, y);
    return inner.step === 1 && byVectors.each(x.storage, place, steps, out.storage, y);
  };
  visitOuter(kept, Math.max(rank - 1, 0), [x.offset], ([place]) => {
    if (!tryVectors(place, at)) {
      const common = [outer.size, inner.size, x.storage, place, outer.step, inner.step, columns, columnStep];
      if (sums) loops.rows(...common, out.storage, at, sums);
      else loops.each(...common, out.storage, at);
    }
    at += columns;
  });
  return out;
}

export interface Loop {
  readonly size: number;
  readonly step: number;
}

/** The two innermost loops of a nest. */
export function twoLoops(nest: LoopNest): [Loop, Loop] {
  const rank = nest.sizes.length;
  const loop = (d: number): Loop => ({ size: nest.sizes[d] ?? 1, step: nest.strides[0]?.[d] ?? 0 });
  return [loop(rank - 2), loop(rank - 1)];
}

const PARAMETERS = 'outer, inner, x, xAt, outerStep, innerStep, columns, columnStep, y, yAt';

/** Four entries, or four rows, at a time: an addition need not wait for the one before. */
function compileLoops(combine: Formula, initial: number): ReduceLoops | undefined {
  const math = javaScriptMath();
  const join = (a: string, b: string) => combine(math, a, b);
  const start = math.constant(initial);
  const fourAtATime = (step: string): string => `
    for (; j < end - 3; j += 4, p += 4 * ${step}) {
      sum = ${join('sum', 'x[p]')};
      sum1 = ${join('sum1', `x[p + ${step}]`)};
      sum2 = ${join('sum2', `x[p + 2 * ${step}]`)};
      sum3 = ${join('sum3', `x[p + 3 * ${step}]`)};
    }`;
  const each = compileSource(
    PARAMETERS,
    `for (let c = 0; c < columns; c++) {
      let total = ${start};
      for (let i = 0; i < outer; i++) {
        let p = xAt + c * columnStep + i * outerStep;
        for (let j = 0; j < inner; ) {
          const end = Math.min(j + ${BLOCK}, inner);
          let sum = ${start}, sum1 = ${start}, sum2 = ${start}, sum3 = ${start};
          if (innerStep === 1) {
            ${fourAtATime('1')}
          } else {
            ${fourAtATime('innerStep')}
          }
          for (; j < end; j++, p += innerStep) sum = ${join('sum', 'x[p]')};
          total = ${join('total', join(join('sum', 'sum1'), join('sum2', 'sum3')))};
        }
      }
      y[yAt + c] = total;
    }`,
  );
  const rows = compileSource(
    `${PARAMETERS}, sums`,
    `sums.fill(${start});
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < inner; ) {
        const end = Math.min(j + ${BLOCK}, inner);
        for (; j < end - 3; j += 4) {
          let p = xAt + i * outerStep + j * innerStep;
          let p1 = p + innerStep, p2 = p1 + innerStep, p3 = p2 + innerStep;
          for (let c = 0; c < columns; c++, p += columnStep, p1 += columnStep, p2 += columnStep, p3 += columnStep) {
            sums[c] = ${join('sums[c]', join(join('x[p]', 'x[p1]'), join('x[p2]', 'x[p3]')))};
          }
        }
        for (; j < end; j++) {
          let p = xAt + i * outerStep + j * innerStep;
          for (let c = 0; c < columns; c++, p += columnStep) sums[c] = ${join('sums[c]', 'x[p]')};
        }
        for (let c = 0; c < columns; c++) {
          sums[columns + c] = ${join('sums[columns + c]', 'sums[c]')};
          sums[c] = ${start};
        }
      }
    }
    for (let c = 0; c < columns; c++) y[yAt + c] = sums[columns + c];`,
  );
  return each && rows ? ({ each, rows } as unknown as ReduceLoops) : undefined;
}

/** The same without compiled source: slower, and the reference. */
export function interpretedLoops(combine: Formula, initial: number): ReduceLoops {
  const each = (...operands: (Storage | number)[]): void => {
    const [outer, inner, x, xAt, outerStep, innerStep, columns, columnStep, y, yAt] = operands as [
      number,
      number,
      Storage,
      number,
      number,
      number,
      number,
      number,
      Storage,
      number,
    ];
    for (let c = 0; c < columns; c++) {
      let total = initial;
      for (let i = 0; i < outer; i++) {
        for (let j = 0; j < inner; ) {
          let sum = initial;
          for (const end = Math.min(j + BLOCK, inner); j < end; j++) {
            sum = combine(numbers, sum, x[xAt + c * columnStep + i * outerStep + j * innerStep] as number);
          }
          total = combine(numbers, total, sum);
        }
      }
      y[yAt + c] = total;
    }
  };
  return { each, rows: each };
}
