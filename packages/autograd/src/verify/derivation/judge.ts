import { allocate } from '../../core/allocate.ts';
import { type DType, unitRoundoff } from '../../core/dtype.ts';
import { type Shape, sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { magnitude, numbersOf, placeOf, ROUNDING } from '../compare.ts';
import { expectedRounding, roundsToSingle } from '../expected-rounding.ts';
import { cotangentsOf, type Run } from '../run.ts';
import { gradientsOnTape, isReached, type Observation } from './observation.ts';

/**
 * What is to be said of a claimed gradient: it is right; right but for rounding to float32; or wrong, if only in its
 * shape, or because it is not finite, or because the result does not depend on the value at all.
 */
export type Verdict = 'right' | 'rounded' | 'wrong' | 'wrong shape' | 'not finite' | 'no dependence';

/** The judgment on one claimed gradient. */
export interface Finding {
  readonly name: string;
  /** Of the claimed gradient. */
  readonly shape: Shape;
  readonly verdict: Verdict;
  /** Where it is furthest from the tape; undefined where there is nothing to compare. */
  readonly worst: Worst | undefined;
}

/** An entry of a claimed gradient beside that of the tape. */
export interface Worst {
  /** Its index, `[1, 2]`. */
  readonly at: string;
  readonly claimed: number;
  readonly tape: number;
  /** How far apart they are, in units of what rounding accounts for. */
  readonly error: number;
}

export function passes({ verdict }: Finding): boolean {
  return verdict === 'right' || verdict === 'rounded';
}

/** What rounding may change in an entry of a gradient, all operations counted in a dtype. */
type RoundingAt = (place: number, dtype: DType) => number;

/** Judges every claimed gradient of an observation. */
export function judge(observation: Observation): readonly Finding[] {
  const { derivation, values, claims } = observation;
  const names = [...claims.keys()];
  let onTape: Run | undefined;
  return names.map((name, k) =>
    judgeOne(observation, name, (place, dtype) => {
      onTape ??= gradientsOnTape(derivation.program, values, names);
      return expectedRounding(cotangentsOf(onTape, oneEntry(onTape.outputs, k, place)), dtype);
    }),
  );
}

/** Zeros, but for a 1 in one place of one tensor. */
function oneEntry(tensors: readonly Tensor[], chosen: number, place: number): readonly Tensor[] {
  return tensors.map(({ shape, dtype }, k) => {
    const zeros = allocate(shape, dtype);
    if (k === chosen) zeros.storage[zeros.offset + place] = 1;
    return zeros;
  });
}

function judgeOne(observation: Observation, name: string, roundingAt: RoundingAt): Finding {
  const [claim, truth] = [observation.claims.get(name) as Tensor, observation.truth.get(name) as Tensor];
  const found = (verdict: Verdict, worst?: Worst): Finding => ({ name, shape: claim.shape, verdict, worst });
  if (!sameShape(claim.shape, truth.shape)) return found('wrong shape');
  const [claimed, tape] = [numbersOf(claim), numbersOf(truth)];
  const entry = (place: number, error: number): Worst => {
    return { at: placeOf(place, claim), claimed: claimed[place], tape: tape[place], error };
  };
  const broken = claimed.findIndex((x, i) => !Number.isFinite(x) && Number.isFinite(tape[i]));
  if (broken >= 0) return found('not finite', entry(broken, Number.NaN));
  const { place, gap } = furthest(claimed, tape);
  if (gap === 0) return found('right');
  const dtype = isSingle(observation, [name]) ? 'float32' : 'float64';
  const allowed = allowance(gap, magnitude(claimed, tape), dtype, (d) => roundingAt(place, d));
  const worst = entry(place, gap / allowed);
  if (gap <= allowed) return found(dtype === 'float32' ? 'rounded' : 'right', worst);
  if (!isReached(observation, observation.named.get(name) as Tensor)) return found('no dependence', worst);
  const inSingle = FEW * (unitRoundoff('float32') * magnitude(claimed, tape) + roundingAt(place, 'float32'));
  return found(gap <= inSingle ? 'rounded' : 'wrong', worst);
}

/** Whether the function, or a claimed gradient of these names, is rounded to float32. */
export function isSingle({ run, claims }: Observation, names: readonly string[]): boolean {
  return roundsToSingle(run.lines) || names.some((name) => claims.get(name)?.dtype === 'float32');
}

/** In how many units of rounding a derivation may differ that computes the same in another order. */
const SLIGHTLY = 64;
/** And one that only rounds a constant or two to float32. */
const FEW = 8;

/** What a gap may come from, but for mistakes. The rounding of the very entry is asked for only where the gap is large. */
function allowance(gap: number, largest: number, dtype: DType, rounding: (dtype: DType) => number): number {
  const orders = (ROUNDING / unitRoundoff('float64')) * unitRoundoff(dtype) * largest;
  return gap <= orders ? orders : orders + SLIGHTLY * rounding(dtype);
}

/** Where two lists are furthest apart; NaN is further than anything, but not from itself. */
function furthest(claimed: readonly number[], tape: readonly number[]): { place: number; gap: number } {
  let [place, gap] = [0, 0];
  claimed.forEach((x, i) => {
    const apart = Object.is(x, tape[i]) ? 0 : Math.abs(x - tape[i]);
    const counted = Number.isNaN(apart) ? Infinity : apart;
    if (counted > gap) [place, gap] = [i, counted];
  });
  return { place, gap };
}
