import type { Floor } from '../registry.ts';
import type { Draw, Primitive, Sample } from '../tape/primitive.ts';
import {
  cotangentsDependOnNothingElse,
  derivativesFit,
  forwardCanBeDifferentiated,
  forwardMatchesDifferences,
  forwardMatchesReverse,
  reverseCanBeDifferentiated,
  reverseMatchesDifferences,
  secondOrdersMatch,
  whatIsConstantHasNoDerivative,
} from './laws/derivative.ts';
import type { Law } from './laws/law.ts';
import { layoutDoesNotMatter } from './laws/layout.ts';
import { hasNoSecondDerivative, isLinear, isLinearInEachInput } from './laws/linearity.ts';
import { singleAgreesWithDouble } from './laws/precision.ts';
import { nothingIsWritten, valueFollowsFormula, valueIsNew } from './laws/value.ts';

export type { Law } from './laws/law.ts';

export type Laws = Readonly<Record<string, Law>>;

const everywhere: Laws = {
  valueFollowsFormula,
  valueIsNew,
  nothingIsWritten,
  layoutDoesNotMatter,
  derivativesFit,
  cotangentsDependOnNothingElse,
  singleAgreesWithDouble,
  forwardMatchesReverse,
  secondOrdersMatch,
};

const clearOfKinks: Laws = {
  forwardMatchesDifferences,
  reverseMatchesDifferences,
  forwardCanBeDifferentiated,
  reverseCanBeDifferentiated,
  whatIsConstantHasNoDerivative,
};

const ofFloor: Readonly<Record<Floor, Laws>> = {
  linear: { isLinear, hasNoSecondDerivative },
  bilinear: { isLinearInEachInput },
  smooth: {},
  piecewise: {},
};

/** The laws of a floor that hold at every sample, also at kinks and ties. */
export function lawsEverywhere(floor: Floor): Laws {
  return { ...everywhere, ...ofFloor[floor] };
}

/** All laws of a floor. They hold at samples that keep clear of kinks, as {@link Draw} promises. */
export function laws(floor: Floor): Laws {
  return { ...lawsEverywhere(floor), ...clearOfKinks };
}

/** Whether a law holds for one sample: undefined, or a sentence that says what broke. What is thrown counts as broken. */
export function tryLaw<P>(law: Law, primitive: Primitive<P>, sample: Sample<P>, draw: Draw): string | undefined {
  try {
    return law(primitive, sample, draw);
  } catch (error) {
    return `it threw ${error instanceof Error ? error.message : String(error)}`;
  }
}
