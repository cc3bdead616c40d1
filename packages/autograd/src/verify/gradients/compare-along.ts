import { allocate } from '../../core/allocate.ts';
import { unitRoundoff } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { DIFFERENCES, innerProduct, magnitude, numbersOf, ROUNDING } from '../compare.ts';
import { expectedRounding } from '../expected-rounding.ts';
import { inDType } from '../function-at.ts';
import { gradientOf, valuesWith } from '../program.ts';
import { cotangentAt, cotangentsOf, tangentsOf } from '../run.ts';
import type { Direction } from './directions.ts';
import { type Kink, kinkBehind, unsettled } from './kinks.ts';
import { type AlongInput, confirmedSlope, sizeOf, slopeAlong } from './slope.ts';
import type { Taped } from './taped.ts';

/** A derivative by reverse mode, and by differences. */
export interface Measured {
  /** The entry that moved, `[1, 2]`, or the direction in which all did. */
  readonly along: string;
  readonly reverse: number;
  readonly differences: number;
  /** How far reverse mode and differences are apart, in units of what rounding and the differences account for. */
  readonly error: number;
}

/** A derivative, found in three ways. */
export interface Comparison extends Measured {
  readonly forward: number;
  /** How far reverse and forward mode are apart, in units of what rounding accounts for. */
  readonly modesError: number;
}

/** The error that decides; above 1 something is wrong. */
export function largerError({ error, modesError = 0 }: Measured & Partial<Comparison>): number {
  const larger = Math.max(error, modesError);
  return Number.isNaN(larger) ? Infinity : larger;
}

/** One variable of a program: how the result depends on it alone. */
export interface Varied {
  readonly taped: Taped;
  readonly variable: number;
  readonly along: AlongInput;
  /** The entries of its gradient, by reverse mode. */
  readonly gradient: readonly number[];
}

export function varied(taped: Taped, variable: number): Varied {
  const { program, weights, gradients, rounding } = taped;
  const gradient = numbersOf(gradients[variable]);
  const factors = weights.flatMap(numbersOf);
  const f = (x: Tensor): number => {
    const outputs = program.evaluate(valuesWith(program, variable, x));
    return outputs.length === 1 && outputs[0].length === 1
      ? factors[0] * outputs[0].item()
      : innerProduct(factors, outputs.flatMap(numbersOf)).value;
  };
  const along = { f, x: program.start[variable], rounding, largest: magnitude(gradient) };
  return { taped, variable, along, gradient };
}

/** Differences that are known no better than this, relative to the derivative or the terms that cancel in it, are of no use. */
const UNSETTLED = 0.01;

/** How large the terms of the result are, for an input of size one. */
function termsOf({ taped: { precision }, along }: Varied): number {
  return along.rounding / unitRoundoff(precision) / sizeOf(along.x);
}

/** Compares reverse mode with differences along a direction, or finds the kink that forbids it. */
export function measureAlong(by: Varied, { name, tensor }: Direction): Measured | Kink {
  const { taped, variable, along, gradient } = by;
  const reverse = alongNonzero(gradient, numbersOf(tensor));
  const slope = confirmedSlope(along, tensor, reverse) ?? slopeAlong(along, tensor);
  const gap = Math.abs(reverse - slope.value);
  const size = magnitude([along.largest, slope.value]);
  const allowed = 10 * slope.error + DIFFERENCES * size;
  const { program } = taped;
  const suspicion = { program, variable, along, direction: tensor, name, reach: slope.reach, gap };
  if (!(slope.error <= UNSETTLED * Math.max(size, termsOf(by)))) return unsettled(suspicion);
  const kink = gap <= allowed ? undefined : kinkBehind(suspicion);
  return kink ?? { along: name, reverse, differences: slope.value, error: inUnits(gap, allowed) };
}

/** Compares the derivative along a direction in all three ways. */
export function compareAlong(by: Varied, direction: Direction): Comparison | Kink {
  const measured = measureAlong(by, direction);
  return isKink(measured) ? measured : besideForward(by, direction, measured);
}

/** The same derivative by forward mode beside what was measured. */
export function besideForward(by: Varied, { tensor }: Direction, measured: Measured): Comparison {
  return { ...measured, ...modesAlong(by, tensor, measured.reverse) };
}

/**
 * Whether both modes agree in the derivatives by all entries: ⟨u, Jv⟩ = ⟨Jᵀu, v⟩ for random v, to rounding. Modes that are
 * apart in one entry, or in many, are apart along almost every v.
 */
export function modesAgree(by: Varied, directions: readonly Tensor[]): boolean {
  return directions.every((direction) => {
    const reverse = alongNonzero(by.gradient, numbersOf(direction));
    return modesAlong(by, direction, reverse).modesError <= 1;
  });
}

function modesAlong(
  { taped, variable, along, gradient }: Varied,
  direction: Tensor,
  reverse: number,
): Pick<Comparison, 'forward' | 'modesError'> {
  const { forward, terms } = forwardAlong(taped, variable, direction);
  // Beside an infinite derivative, forward mode multiplies it by zero.
  if (!gradient.every(Number.isFinite)) return { forward, modesError: 0 };
  const rounding = (ROUNDING * unitRoundoff(taped.precision)) / unitRoundoff('float64');
  const [gap, allowed] = [Math.abs(forward - reverse), rounding * (terms + along.largest)];
  const isWithin = gap <= allowed;
  const modesError = inUnits(gap, isWithin ? allowed : allowed + MODES * roundingAlong(taped, variable, direction));
  return { forward, modesError };
}

/** How many times more than the rounding that is expected of one mode the modes may be apart. */
const MODES = 8;

/**
 * What rounding may change in the derivative along a direction, seen on the tape of reverse mode itself: also what cancels
 * inside of one operation's derivative, as where softmax is nearly 0 or 1.
 */
function roundingAlong({ program, weights }: Taped, variable: number, direction: Tensor): number {
  const run = gradientOf(program, weights).run(program.start);
  const seeds = run.outputs.map((gradient, i) =>
    i === variable ? inDType(direction, gradient.dtype) : allocate(gradient.shape, gradient.dtype),
  );
  return expectedRounding(cotangentsOf(run, seeds));
}

export function isKink(found: Measured | Kink): found is Kink {
  return 'slopes' in found;
}

/** ⟨gradient, direction⟩, where what does not move does not count, be its derivative infinite. */
function alongNonzero(gradient: readonly number[], direction: readonly number[]): number {
  return direction.reduce((sum, move, i) => (move === 0 ? sum : sum + move * gradient[i]), 0);
}

function inUnits(gap: number, allowed: number): number {
  return gap === 0 ? 0 : gap / allowed;
}

/**
 * The derivative by forward mode, and how large the terms are that it is a sum of: at every line on the way, since what
 * cancels at one was rounded at those before.
 */
function forwardAlong(
  { run, weights, cotangents }: Taped,
  variable: number,
  direction: Tensor,
): { forward: number; terms: number } {
  const tangents = tangentsOf(run, variable, inDType(direction, run.variables[variable].dtype));
  const atOutputs = run.outputs.map((y) => cotangentAt(tangents, y));
  const { value } = innerProduct(weights.flatMap(numbersOf), atOutputs.flatMap(numbersOf));
  let terms = 0;
  for (const [line, cotangent] of cotangents) {
    const tangent = tangents.get(line);
    if (tangent !== undefined) terms += innerProduct(cotangent, numbersOf(tangent)).terms;
  }
  return { forward: value, terms };
}
