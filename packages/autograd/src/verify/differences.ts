import { adopt } from '../core/allocate.ts';
import { isFloating, unitRoundoff } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';

/** The first step; each level halves it. Near enough to a point for functions that change over distances of 0.1. */
const FIRST_STEP = 2 ** -7;
const LEVELS = 5;

/** How far {@link differencesAlong} moves an input, for directions with entries from -1 to 1. */
export const REACH: number = FIRST_STEP;

/** Numbers, and how far each may be off. */
export interface Estimates {
  readonly values: readonly number[];
  readonly errors: readonly number[];
}

/**
 * The derivative of a function of tensors along a direction, without its derivative rules: central differences at steps
 * h, h/2, h/4, …, extrapolated to step zero (Richardson), with an estimate of the error from how the extrapolations
 * differ. Source: C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in Engineering
 * Software 4 (1982) 75-76.
 *
 * @param f Any number of results; their entries are taken one after the other.
 * @param inputs Tensors of dtype float64, so that differences can be taken.
 * @param directions For each input a tensor of its shape: where to it moves, some {@link REACH} times the direction.
 * @param enough Numbers known this well need no smaller steps. Default: all steps are taken.
 */
export function differencesAlong(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  inputs: readonly Tensor[],
  directions: readonly Tensor[],
  enough = 0,
): Estimates {
  const at = (step: number): Results => evaluate(f, inputs, directions, step);
  const slopes: Estimates[] = [];
  let estimates: Estimates;
  do {
    const step = FIRST_STEP / 2 ** slopes.length;
    slopes.push(centralDifference(at(step), at(-step), step));
    estimates = extrapolateEach(slopes);
  } while (slopes.length < LEVELS && !estimates.errors.every((error) => error <= enough));
  return estimates;
}

function extrapolateEach(slopes: readonly Estimates[]): Estimates {
  const estimates = slopes[0].values.map((_, i) =>
    extrapolate(
      slopes.map(({ values }) => values[i]),
      slopes.map(({ errors }) => errors[i]),
    ),
  );
  return { values: estimates.map(({ value }) => value), errors: estimates.map(({ error }) => error) };
}

interface Results {
  readonly values: readonly number[];
  /** The rounding of each: half a unit in its last place; none of whole numbers. */
  readonly roundings: readonly number[];
}

function evaluate(
  f: (...inputs: Tensor[]) => readonly Tensor[],
  inputs: readonly Tensor[],
  directions: readonly Tensor[],
  step: number,
): Results {
  const results = f(...inputs.map((x, i) => moved(x, directions[i], step)));
  const values = results.flatMap((y) => [...y.toTypedArray()]);
  const units = results.flatMap((y) =>
    new Array<number>(y.length).fill(isFloating(y.dtype) ? unitRoundoff(y.dtype) : 0),
  );
  return { values, roundings: values.map((value, i) => Math.abs(value) * units[i]) };
}

/** `x + step · direction`, in float64. */
export function moved(x: Tensor, direction: Tensor, step: number): Tensor {
  const [from, along] = [x.toTypedArray(), direction.toTypedArray()];
  const there = new Float64Array(from.length);
  for (let i = 0; i < from.length; i++) there[i] = from[i] + step * along[i];
  return adopt(there, x.shape);
}

function centralDifference(above: Results, below: Results, step: number): Estimates {
  return {
    values: above.values.map((value, i) => (value - below.values[i]) / (2 * step)),
    errors: above.roundings.map((rounding, i) => (rounding + below.roundings[i]) / (2 * step)),
  };
}

/** Neville's scheme for slopes that differ from the derivative by a series in step², each step half of the one before. */
function extrapolate(slopes: readonly number[], roundings: readonly number[]): { value: number; error: number } {
  let best = { value: slopes[0], error: Infinity };
  let before: number[] = [];
  slopes.forEach((slope, level) => {
    const row = [slope];
    for (let order = 1; order <= level; order++) {
      const [better, worse] = [row[order - 1], before[order - 1]];
      const value = better + (better - worse) / (4 ** order - 1);
      // What is left of the series, or the rounding of the slopes, whichever is larger.
      const error = Math.max(Math.abs(value - better), Math.abs(value - worse)) + 2 * roundings[level];
      if (error < best.error) best = { value, error };
      row.push(value);
    }
    before = row;
  });
  return best;
}
