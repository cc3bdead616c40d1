import fc from 'fast-check';
import type { DType } from '../core/dtype.ts';
import type { Primitive } from '../tape/primitive.ts';
import { describeSample } from './describe-sample.ts';
import { drawBy, type Entries } from './draw-samples.ts';
import { type Law, tryLaw } from './laws.ts';

export interface Trials {
  /** How many samples are drawn. Default: 50. */
  readonly runs?: number;
  /** Where they lie. Default: clear of kinks. */
  readonly entries?: Entries;
  /** Of which dtypes they are. Default: float64 and float32. */
  readonly dtypes?: readonly DType[];
}

/** Throws if a law does not hold for a primitive, with the smallest sample found and the seed that leads to it. */
export function hold<P>(law: Law, primitive: Primitive<P>, trials: Trials = {}): void {
  fc.assert(property(law, primitive, trials), { numRuns: trials.runs ?? 50 });
}

/** Whether a sample is found for which a law does not hold. */
export function isBroken<P>(law: Law, primitive: Primitive<P>): boolean {
  return fc.check(property(law, primitive, {}), { numRuns: 100, endOnFailure: true }).failed;
}

function property<P>(
  law: Law,
  primitive: Primitive<P>,
  { entries = 'clear', dtypes = ['float64', 'float32'] }: Trials,
): fc.IProperty<unknown[]> {
  return fc.property(fc.constantFrom(...dtypes), fc.gen(), (dtype, choose) => {
    const draw = drawBy(choose, { dtype, entries });
    const sample = primitive.sample(draw);
    const broken = tryLaw(law, primitive, sample, draw);
    if (broken !== undefined) throw new Error(`${primitive.name}: ${broken}\n${describeSample(sample)}`);
  }) as fc.IProperty<unknown[]>;
}
