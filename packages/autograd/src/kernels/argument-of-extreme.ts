import { allocate, view } from '../core/allocate.ts';
import type { Storage } from '../core/dtype.ts';
import { entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { visitOuter } from './iteration.ts';
import { compileSource } from './javascript.ts';
import { type Formulas, type MapKernel, mapKernel } from './map.ts';
import { perDType } from './per-dtype.ts';
import { keptShape, type Loop, split, twoLoops } from './reduce.ts';

/** Finds the extremes of `columns` blocks of entries, each of two loops, and writes their places from `at` on. */
type BlockLoop = (
  x: Storage,
  start: number,
  columns: number,
  columnStep: number,
  outer: Loop,
  inner: Loop,
  places: Storage,
  at: number,
) => void;

/**
 * The place of the largest (`sign` 1) or smallest (`sign` -1) entry over dims, which keep size one: its number in reading
 * order among the entries over these dims, the first among equals, and the first NaN where there is one. dtype int32.
 */
export function argumentOfExtreme(input: Tensor, dims: readonly number[], sign: 1 | -1): Tensor {
  const out = allocate(keptShape(input.shape, dims), 'int32');
  if (out.length === 0) return out;
  const count = entriesOf(dims.map((d) => input.shape[d]));
  if (count > 1 && count <= FEW && out.length >= MANY) return amongFew(entriesOver(input, dims), sign);
  const { x, kept, reduced } = split(input, dims);
  const [outer, inner] = twoLoops(reduced);
  const last = kept.sizes.length - 1;
  const [columns, columnStep] = [kept.sizes[last] ?? 1, kept.strides[0][last] ?? 0];
  const loop = (sign === 1 ? loopsForLargest : loopsForSmallest)(x.dtype);
  let at = out.offset;
  visitOuter(kept, Math.max(last, 0), [x.offset], ([start]) => {
    loop(x.storage, start, columns, columnStep, outer, inner, out.storage, at);
    at += columns;
  });
  return out;
}

/** Among so few entries the extremes of many places are found without branches, by one formula: windows of pooling. */
const FEW = 16;
const MANY = 1024;

/** For each index over dims, in reading order, the entries there. */
function entriesOver(x: Tensor, dims: readonly number[]): Tensor[] {
  const shape = keptShape(x.shape, dims);
  let offsets = [x.offset];
  for (const d of dims) {
    offsets = offsets.flatMap((offset) => Array.from({ length: x.shape[d] }, (_, i) => offset + i * x.strides[d]));
  }
  return offsets.map((offset) => view(x, shape, x.strides, offset));
}

function amongFew(entries: readonly Tensor[], sign: 1 | -1): Tensor {
  kernels[sign][entries.length] ??= mapKernel(placeOfExtreme(sign), entries.length, 1);
  return kernels[sign][entries.length](entries, ['int32'])[0];
}

const kernels: Readonly<Record<1 | -1, MapKernel[]>> = { 1: [], [-1]: [] };

const placeOfExtreme =
  (sign: 1 | -1): Formulas =>
  (m, first, ...others) => {
    let [place, extreme] = [m.constant(0), first];
    others.forEach((entry, k) => {
      const beyond = sign === 1 ? m.less(extreme, entry) : m.less(entry, extreme);
      const firstNaN = m.and(m.not(m.equal(entry, entry)), m.equal(extreme, extreme));
      const isBetter = m.share(m.or(beyond, firstNaN));
      place = m.share(m.select(isBetter, m.constant(k + 1), place));
      extreme = m.share(m.select(isBetter, entry, extreme));
    });
    return [place];
  };

const loopsForLargest = perDType(() => compiledLoop(1) ?? interpretedLoop(1));
const loopsForSmallest = perDType(() => compiledLoop(-1) ?? interpretedLoop(-1));

function compiledLoop(sign: 1 | -1): BlockLoop | undefined {
  return compileSource(
    'x, start, columns, columnStep, outer, inner, places, at',
    `const { size: rows, step: rowStep } = outer, { size, step } = inner;
    for (let c = 0; c < columns; c++) {
      const first = start + c * columnStep;
      let place = 0, best = 0, extreme = x[first];
      for (let i = 0; i < rows; i++) {
        const end = place + size;
        for (let p = first + i * rowStep; place < end; place++, p += step) {
          const entry = x[p];
          if (entry ${sign === 1 ? '>' : '<'} extreme || (entry !== entry && extreme === extreme)) {
            best = place;
            extreme = entry;
          }
        }
      }
      places[at + c] = best;
    }`,
  ) as BlockLoop | undefined;
}

/** The same loop without compiled source: slower, and the reference. */
function interpretedLoop(sign: 1 | -1): BlockLoop {
  return (x, start, columns, columnStep, outer, inner, places, at) => {
    for (let c = 0; c < columns; c++) {
      const first = start + c * columnStep;
      let [place, best, extreme] = [0, 0, x[first]];
      for (let i = 0; i < outer.size; i++) {
        for (let j = 0; j < inner.size; j++, place++) {
          const entry = x[first + i * outer.step + j * inner.step];
          if (sign * entry > sign * extreme || (Number.isNaN(entry) && !Number.isNaN(extreme))) {
            [best, extreme] = [place, entry];
          }
        }
      }
      places[at + c] = best;
    }
  };
}
