import { adopt } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { DIFFERENCES } from '../compare.ts';
import { differencesAlong, moved, REACH } from '../differences.ts';

/** Steps that are tried, in units of an input's size, until the differences settle: small ones first, for kinks. */
const SCALES: readonly number[] = [2 ** -4, 2 ** -8, 2 ** -12, 2 ** -16, 1, 2 ** 4];
/** Differences that are known this well, relative to the largest derivative, need no other step. */
const SETTLED = 3e-8;

/** What differences may be off by that makes no odds beside the tolerance that they are given in any case. */
const NO_BETTER = DIFFERENCES / 100;

/** A function of one input with a single number as result, and what rounding may change in that number. */
export interface AlongInput {
  readonly f: (x: Tensor) => number;
  readonly x: Tensor;
  readonly rounding: number;
  /** The largest derivative by an entry. */
  readonly largest: number;
}

/** The derivative along a direction by differences, how far it may be off, and how far the input was moved for it. */
export interface Slope {
  readonly value: number;
  readonly error: number;
  /** Times the direction. */
  readonly reach: number;
}

/**
 * Central differences along a direction, at the first step at which they settle, or else at the best. The unit of steps is
 * the size of the tensor's entries, or, if none settles, of those that move: a small one may lie near the end of a domain.
 */
export function slopeAlong(along: AlongInput, direction: Tensor): Slope {
  const units = [sizeOf(along.x), sizeOf(along.x, direction)];
  let best: Slope = { value: Number.NaN, error: Infinity, reach: units[1] * REACH };
  for (const scale of units.flatMap((unit) => SCALES.map((scale) => unit * scale))) {
    const slope = slopeAt(along, direction, scale);
    if (slope.error < best.error) best = slope;
    if (best.error <= SETTLED * along.largest) break;
  }
  return best;
}

/** Steps of the differences that may confirm a derivative, in units of an input's size: kinks are seldom so near. */
const CONFIRMING: readonly number[] = [2 ** -15, 2 ** -18];

/**
 * A derivative that is expected, confirmed by a single central difference, if one comes as near to it as differences are
 * trusted to in any case: two numbers that were found in different ways do not meet by chance.
 */
export function confirmedSlope(
  { f, x, rounding, largest }: AlongInput,
  direction: Tensor,
  expected: number,
): Slope | undefined {
  const unit = sizeOf(x);
  for (const reach of CONFIRMING.map((scale) => scale * unit)) {
    const error = rounding / reach;
    if (!(error <= SETTLED * largest)) return undefined;
    const value = (f(moved(x, direction, reach)) - f(moved(x, direction, -reach))) / (2 * reach);
    if (Math.abs(value - expected) <= DIFFERENCES * largest) return { value, error, reach };
  }
  return undefined;
}

function slopeAt({ f, x, rounding, largest }: AlongInput, direction: Tensor, scale: number): Slope {
  const scaled = mul(direction, scale);
  const enough = NO_BETTER * largest * scale;
  const { values, errors } = differencesAlong((y) => [number(f(y))], [x], [scaled], enough);
  const error = (errors[0] + rounding / SMALLEST_STEP) / scale;
  return { value: values[0] / scale, error: Number.isFinite(error) ? error : Infinity, reach: REACH * scale };
}

/** The last step of {@link differencesAlong}. */
const SMALLEST_STEP = REACH / 16;

/** The slopes on both sides of a point, at a distance along a direction. */
export function oneSidedSlopes({ f, x }: AlongInput, direction: Tensor, reach: number): readonly [number, number] {
  const [below, here, above] = [-reach, 0, reach].map((step) => f(moved(x, direction, step)));
  return [(here - below) / reach, (above - here) / reach];
}

/** The typical size of a tensor's entries, weighted by how far each moves; 1 for zeros. */
export function sizeOf(x: Tensor, direction?: Tensor): number {
  const [entries, moves] = [x.toTypedArray(), direction?.toTypedArray()];
  let [sum, total, largest] = [0, 0, 0];
  for (let i = 0; i < entries.length; i++) {
    const weight = moves === undefined ? 1 : moves[i] ** 2;
    sum += weight * entries[i] ** 2;
    total += weight;
    largest = Math.max(largest, Math.abs(entries[i]));
  }
  const size = Math.sqrt(sum / total);
  return size > 0 && size < Infinity ? size : largest || 1;
}

function number(value: number): Tensor {
  return adopt(Float64Array.of(value), []);
}
