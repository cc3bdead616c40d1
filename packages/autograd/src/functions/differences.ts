import { fail } from '../core/errors.ts';
import { normalizeDim, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { runningSumAlong } from '../primitives/linear/cumsum.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { partOf } from '../primitives/linear/slice.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { ne } from '../primitives/piecewise/comparison.ts';
import { checkFloating } from './check-dtype.ts';
import { concat } from './movement.ts';
import { withoutDims } from './over-dims.ts';

export interface DifferenceOptions {
  /** How often differences are taken. Default: 1. */
  readonly n?: number;
  /** Default: the last. */
  readonly dim?: number;
  /** What is put before the entries along the dim. Default: nothing. */
  readonly prepend?: Tensor | null;
  /** What is put after the entries along the dim. Default: nothing. */
  readonly append?: Tensor | null;
}

/**
 * The differences of neighbours along a dim, `out[i] = x[i + 1] - x[i]`, n times. Of truth values, whether they differ.
 *
 * @throws GradtapeError if `x` has no dims, `n` is no whole number from 0, the dim is out of range, or what is put before
 *   or after does not fit.
 * @example
 * diff(tensor([1, 3, 2])); // [2, -1]
 */
export function diff(x: Tensor, { n = 1, dim = -1, prepend = null, append = null }: DifferenceOptions = {}): Tensor {
  if (x.rank === 0 || !Number.isInteger(n) || n < 0) {
    fail('diff: there is nothing to take differences of', {
      got: `n = ${n}, for shape ${showShape(x.shape)}`,
      needs: 'at least one dim, and a whole number n from 0',
      fix: 'unsqueeze(0) makes a line of a single number',
    });
  }
  const d = normalizeDim('diff', dim, x.rank);
  const parts = [prepend, x, append].filter((part) => part !== null);
  let line = parts.length === 1 ? x : concat(parts, d);
  for (let k = 0; k < n && line.shape[d] > 0; k++) {
    const size = line.shape[d] - 1;
    const [earlier, later] = [partOf(line, d, 0, size), partOf(line, d, 1, size)];
    line = line.dtype === 'bool' ? ne(earlier, later) : sub(later, earlier);
  }
  return line;
}

export interface TrapezoidOptions {
  /** The distance of neighbours, where no places are given. Default: 1. */
  readonly dx?: number;
  /** Default: the last. */
  readonly dim?: number;
}

/**
 * The integral along a dim by the trapezoidal rule: `Σ (x[i + 1] - x[i]) (y[i] + y[i + 1]) / 2`.
 *
 * @param x The places of the entries along the dim: a list, or a tensor that broadcasts with `y`. Default: `dx` apart.
 * @throws GradtapeError if the dtype is not floating, the dim is out of range, the places do not fit, or both they and
 *   `dx` are given.
 * @example
 * trapezoid(tensor([1, 5, 10])); // 10.5
 * trapezoid(tensor([1, 5, 10]), tensor([1, 3, 6])); // 28.5
 */
export function trapezoid(y: Tensor, x?: Tensor | null, options: TrapezoidOptions = {}): Tensor {
  const { areas, d } = areasBetween('trapezoid', y, x ?? null, options);
  return withoutDims(sumKept(areas, [d]), [d]);
}

/**
 * The integral along a dim from its start to each entry but the first, by the trapezoidal rule.
 *
 * @param x As for {@link trapezoid}.
 * @throws GradtapeError as {@link trapezoid}.
 * @example
 * cumulativeTrapezoid(tensor([1, 5, 10])); // [3, 10.5]
 */
export function cumulativeTrapezoid(y: Tensor, x?: Tensor | null, options: TrapezoidOptions = {}): Tensor {
  const { areas, d } = areasBetween('cumulativeTrapezoid', y, x ?? null, options);
  return runningSumAlong(areas, d);
}

/** The area under the line between each two neighbours along a dim. */
function areasBetween(
  operation: string,
  y: Tensor,
  x: Tensor | null,
  { dx, dim = -1 }: TrapezoidOptions,
): { areas: Tensor; d: number } {
  checkFloating(operation, y);
  if (x !== null && dx !== undefined) {
    fail(`${operation}: both places and a distance`, {
      got: `x of shape ${showShape(x.shape)} and dx = ${dx}`,
      needs: 'one of them',
      fix: 'leave out dx: the places tell how far apart they are',
    });
  }
  const d = normalizeDim(operation, dim, y.rank);
  const size = Math.max(0, (y.shape[d] ?? 1) - 1);
  const line = y.rank === 0 ? reshape(y, [1]) : y;
  const heights = mul(add(partOf(line, d, 0, size), partOf(line, d, 1, size)), 0.5);
  return { areas: mul<Tensor, Tensor | number>(heights, x === null ? (dx ?? 1) : widthsOf(operation, y, x, d)), d };
}

/** The distances of places along a dim; a list of places stands along the dim. */
function widthsOf(operation: string, y: Tensor, x: Tensor, d: number): Tensor {
  const places = x.rank === 1 ? reshape(x, [x.length, ...y.shape.slice(d + 1).map(() => 1)]) : x;
  const along = d - (y.rank - places.rank);
  if (places.shape[along] !== y.shape[d]) {
    fail(`${operation}: not as many places as entries`, {
      got: `places of shape ${showShape(x.shape)} for entries of shape ${showShape(y.shape)} along dim ${d}`,
      needs: `${y.shape[d]} places: a list, or a tensor that broadcasts`,
      fix: 'check which dim is integrated along',
    });
  }
  const size = Math.max(0, y.shape[d] - 1);
  return sub(partOf(places, along, 1, size), partOf(places, along, 0, size));
}
