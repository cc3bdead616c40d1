import { allocate } from '../core/allocate.ts';
import type { DType, Storage } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { loopNest, visitOuter } from './iteration.ts';

/** Goes along one line: `size` entries from `start`, `step` apart, to as many from `target`, `toStep` apart. */
type Scan = (
  x: Storage,
  start: number,
  step: number,
  out: Storage,
  target: number,
  toStep: number,
  size: number,
) => void;

/** Running sums along a dim, from its end if `reverse`; accumulated in float64. */
export function runningSum(x: Tensor, dim: number, reverse: boolean): Tensor {
  return scanned(x, x.dtype, dim, reverse, sumUp);
}

/**
 * The place of the largest (`sign` 1) or smallest (-1) entry so far along a dim: the last among equals, and the last NaN
 * from the first one on. dtype int32.
 */
export function runningExtremePlaces(x: Tensor, dim: number, sign: 1 | -1): Tensor {
  return scanned(x, 'int32', dim, false, sign === 1 ? markLargest : markSmallest);
}

function scanned(x: Tensor, dtype: DType, dim: number, reverse: boolean, scan: Scan): Tensor {
  const out = allocate(x.shape, dtype);
  if (out.length === 0) return out;
  const size = x.shape[dim];
  const [step, toStep] = [x.strides[dim], out.strides[dim]];
  const others = x.shape.map((length, d) => (d === dim ? 1 : length));
  const nest = loopNest(others, [x.strides, out.strides]);
  const last = size - 1;
  visitOuter(nest, nest.sizes.length, [x.offset, out.offset], ([start, target]) => {
    if (reverse) scan(x.storage, start + last * step, -step, out.storage, target + last * toStep, -toStep, size);
    else scan(x.storage, start, step, out.storage, target, toStep, size);
  });
  return out;
}

const sumUp: Scan = (x, start, step, out, target, toStep, size) => {
  let sum = 0;
  for (let i = 0, p = start, q = target; i < size; i++, p += step, q += toStep) {
    sum += x[p];
    out[q] = sum;
  }
};

const markLargest: Scan = (x, start, step, out, target, toStep, size) => {
  let [place, extreme] = [0, x[start]];
  for (let i = 0, p = start, q = target; i < size; i++, p += step, q += toStep) {
    const entry = x[p];
    if (entry >= extreme || Number.isNaN(entry)) [place, extreme] = [i, entry];
    out[q] = place;
  }
};

const markSmallest: Scan = (x, start, step, out, target, toStep, size) => {
  let [place, extreme] = [0, x[start]];
  for (let i = 0, p = start, q = target; i < size; i++, p += step, q += toStep) {
    const entry = x[p];
    if (entry <= extreme || Number.isNaN(entry)) [place, extreme] = [i, entry];
    out[q] = place;
  }
};
