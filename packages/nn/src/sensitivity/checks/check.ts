import { smallestNormal, type Tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import type { AnyRule } from '../rule.ts';
import { type Draw, drawBy } from './draw.ts';

/** What rules are checked in. */
export type Precision = 'float64' | 'float32';

/** What a rule gave, beside what it should have given. */
export interface Comparison {
  readonly got: Tensor;
  readonly want: Tensor;
  /** How large the terms are that are added up, where that is more than the sum: rounding is in proportion to them. */
  readonly terms?: Tensor;
}

/** How a rule is held against something else. */
export interface Check {
  readonly rule: AnyRule;
  /** What that is: the tape, or what defines the thing where the tape says nothing of it. */
  readonly against: 'the tape' | 'its definition';
  /** Rules of plain numbers know only float64. */
  readonly dtypes: readonly Precision[];
  /** The error relative to the terms that the rule may have. */
  readonly allowed: Allowed;
  /** Applies the rule (or a broken one in its place) to what it draws. */
  compare(rule: AnyRule, draw: Draw): readonly Comparison[];
}

export type Compare<R extends AnyRule> = (rule: R, draw: Draw) => readonly Comparison[];

export type Allowed = Readonly<Record<Precision, number>>;

/** What every rule is held to, but for those of the next line: in float32, 16 units of its rounding. */
export const allowed: Allowed = { float64: 1e-10, float32: 16 * 2 ** -23 };

/** Of rules that take exponentials: a difference of 80 is itself rounded by 32 units, and by as much is its exponential off. */
export const allowedOfExponentials: Allowed = { ...allowed, float32: 1e-5 };

export function againstTape<R extends AnyRule>(rule: R, compare: Compare<R>, held: Allowed = allowed): Check {
  const dtypes = ['float64', 'float32'] as const;
  return { rule, against: 'the tape', dtypes, allowed: held, compare: compare as Compare<AnyRule> };
}

export function againstDefinition<R extends AnyRule>(
  rule: R,
  compare: Compare<R>,
  dtypes: readonly Precision[] = ['float64', 'float32'],
): Check {
  return { rule, against: 'its definition', dtypes, allowed, compare: compare as Compare<AnyRule> };
}

/** How often each rule is tried. */
export const TRIALS = 100;

/** The largest error of any entry, relative to its terms. Infinite where shapes or dtypes differ, or terms have no size. */
export function errorOf({ got, want, terms = want }: Comparison): number {
  if (got.dtype !== want.dtype || got.shape.join() !== want.shape.join()) return Infinity;
  const [gotten, wanted, scales] = [got, want, terms].map((x) => x.toTypedArray());
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const scale = Math.max(Math.abs(wanted[i]), Math.abs(scales[i]), smallestNormal(want.dtype));
    worst = Math.max(worst, entryError(gotten[i], wanted[i], scale));
  }
  return worst;
}

function entryError(got: number, want: number, scale: number): number {
  if (got === want || (Number.isNaN(got) && Number.isNaN(want))) return 0;
  const error = Math.abs(got - want) / scale;
  // Beside infinite terms every error would be small.
  return Number.isNaN(error) || scale === Infinity ? Infinity : error;
}

/** Trials of a check, of its own rule or of a broken one in its place. `judge` gets the error of each comparison. */
export function trials(
  { rule, compare }: Check,
  dtype: Precision,
  judge: (error: number, comparison: Comparison) => void,
  tried: AnyRule = rule,
): fc.IProperty<[fc.GeneratorValue]> {
  return fc.property(fc.gen(), (choose) => {
    for (const comparison of compare(tried, drawBy(choose, dtype))) judge(errorOf(comparison), comparison);
  });
}

/** @throws Error with the smallest sample that fast-check finds, if some error is above what is allowed. */
export function hold(check: Check, dtype: Precision, tried?: AnyRule): void {
  const judge = (error: number, { got, want }: Comparison): void => {
    if (error <= check.allowed[dtype]) return;
    throw new Error(`${check.rule.name} is off by ${error} of its terms:\ngot  ${got}\nwant ${want}`);
  };
  fc.assert(trials(check, dtype, judge, tried), { numRuns: TRIALS });
}

/** The largest error over trials that are the same every time. */
export function measure(check: Check, dtype: Precision): number {
  let worst = 0;
  const judge = (error: number): void => {
    worst = Math.max(worst, error);
  };
  fc.assert(trials(check, dtype, judge), { numRuns: TRIALS, seed: 1 });
  return worst;
}
