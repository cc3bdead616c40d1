import type { DType } from '../core/dtype.ts';
import type { Floor } from '../registry.ts';
import type { Entries } from './draw-from.ts';
import { type Laws, laws, lawsEverywhere } from './laws.ts';

/** Laws, and the samples of a primitive that they are tried on. */
export interface Trial {
  /** Where the samples lie, in words. */
  readonly where: string;
  readonly entries: Entries;
  /** Of which dtypes they are drawn. */
  readonly dtypes: readonly DType[];
  /** How many are drawn for each law. */
  readonly runs: number;
  readonly laws: Laws;
}

const floating: readonly DType[] = ['float64', 'float32'];

/** All that is tried with a floor's primitives. */
export function trials(floor: Floor): readonly Trial[] {
  const { valueFollowsFormula, nothingIsWritten, cotangentsDependOnNothingElse } = laws(floor);
  return [
    { where: 'clear of kinks', entries: 'clear', dtypes: floating, runs: 50, laws: laws(floor) },
    { where: 'at kinks and ties', entries: 'halves', dtypes: floating, runs: 25, laws: lawsEverywhere(floor) },
    {
      where: 'at NaN, infinities and zeros of both signs',
      entries: 'special',
      dtypes: floating,
      runs: 100,
      laws: { valueFollowsFormula, nothingIsWritten, cotangentsDependOnNothingElse },
    },
    { where: 'at whole numbers', entries: 'clear', dtypes: ['int32'], runs: 50, laws: { valueFollowsFormula } },
  ];
}
