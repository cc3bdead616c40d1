import { type DType, isFloating } from '../core/dtype.ts';
import { normalizeDim } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { runningSumAlong } from '../primitives/linear/cumsum.ts';
import { gatherAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { partOf } from '../primitives/linear/slice.ts';
import { placesOfRunningExtreme } from '../primitives/piecewise/running-extremes.ts';
import { logaddexp } from '../primitives/smooth/log-add-exp.ts';
import { asLine } from './along-dim.ts';
import { checkFloating } from './check-dtype.ts';
import { type DTypeOption, inDType, type ValuesAndIndices } from './over-dims.ts';

/**
 * Running sums along a dim, accumulated in float64 (by programs in the dtype itself). Whole numbers and truth values give
 * int32.
 *
 * @throws GradtapeError if the dim is out of range.
 * @example
 * cumsum(tensor([1, 2, 3]), 0); // [1, 3, 6]
 */
export function cumsum(x: Tensor, dim: number, { dtype }: DTypeOption = {}): Tensor {
  const d = normalizeDim('cumsum', dim, x.rank);
  const source = inDType(x, { dtype: dtype ?? wholeAsInt32(x) });
  return x.rank === 0 ? source : runningSumAlong(source, d);
}

/**
 * Running products along a dim. The derivatives are right where entries are zero.
 *
 * @throws GradtapeError if the dim is out of range.
 * @example
 * cumprod(tensor([1, 2, 3]), 0); // [1, 2, 6]
 */
export function cumprod(x: Tensor, dim: number, { dtype }: DTypeOption = {}): Tensor {
  const source = inDType(x, { dtype: dtype ?? wholeAsInt32(x) });
  return byDoubling(source, normalizeDim('cumprod', dim, x.rank), mul);
}

function wholeAsInt32({ dtype }: Tensor): DType {
  return isFloating(dtype) ? dtype : 'int32';
}

/**
 * The logarithms of running sums of exponentials along a dim, without overflow: `out[i] = log Σ exp(x[j])` for j ≤ i.
 *
 * @throws GradtapeError if the dtype is not floating, or the dim is out of range.
 * @example
 * logcumsumexp(tensor([0, 0, 1000]), 0); // [0, 0.69315, 1000]
 */
export function logcumsumexp(x: Tensor, dim: number): Tensor {
  checkFloating('logcumsumexp', x);
  return byDoubling(x, normalizeDim('logcumsumexp', dim, x.rank), logaddexp);
}

/** A scan with an associative operation: after step k every entry combines the last 2ᵏ. */
function byDoubling(x: Tensor, d: number, combine: (later: Tensor, earlier: Tensor) => Tensor): Tensor {
  const size = x.shape[d] ?? 1;
  let scanned = x;
  for (let reach = 1; reach < size; reach *= 2) {
    const [earlier, later] = [partOf(scanned, d, 0, size - reach), partOf(scanned, d, reach, size - reach)];
    scanned = concatAlong([partOf(scanned, d, 0, reach), combine(later, earlier)], d);
  }
  return scanned;
}

/**
 * The largest entries so far along a dim, and where they stand: the last among equals, which has the derivative. From the
 * first NaN on, the last NaN so far.
 *
 * @throws GradtapeError if the dim is out of range.
 * @example
 * cummax(tensor([1, 3, 2]), 0); // { values: [1, 3, 3], indices: [0, 1, 1] }
 */
export function cummax(x: Tensor, dim: number): ValuesAndIndices {
  return extremesSoFar('cummax', x, dim, 1);
}

/**
 * The smallest entries so far along a dim, and where they stand: the last among equals, which has the derivative. From the
 * first NaN on, the last NaN so far.
 *
 * @throws GradtapeError if the dim is out of range.
 * @example
 * cummin(tensor([3, 1, 2]), 0); // { values: [3, 1, 1], indices: [0, 1, 1] }
 */
export function cummin(x: Tensor, dim: number): ValuesAndIndices {
  return extremesSoFar('cummin', x, dim, -1);
}

function extremesSoFar(operation: string, x: Tensor, dim: number, sign: 1 | -1): ValuesAndIndices {
  const { line, d } = asLine(operation, x, dim);
  const indices = placesOfRunningExtreme(line, d, sign);
  return { values: reshape(gatherAlong(line, d, indices), x.shape), indices: reshape(indices, x.shape) };
}
