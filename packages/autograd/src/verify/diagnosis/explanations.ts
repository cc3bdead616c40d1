import type { Explanation } from './mistake.ts';
import { anotherDerivative } from './mistakes/another-derivative.ts';
import { anotherGradient } from './mistakes/another-gradient.ts';
import { clipping } from './mistakes/clipping.ts';
import { derivativeElsewhere } from './mistakes/derivative-elsewhere.ts';
import { extraDerivative } from './mistakes/extra-derivative.ts';
import { kernelNotTurned } from './mistakes/kernel-not-turned.ts';
import { linearMap } from './mistakes/linear-map.ts';
import { branchesExchanged, invertedMask, maskAtKink } from './mistakes/mask.ts';
import { missingFactor } from './mistakes/missing-factor.ts';
import { oneSample } from './mistakes/one-sample.ts';
import { otherValue } from './mistakes/other-value.ts';
import { overwritten } from './mistakes/overwritten.ts';
import { productNotTransposed } from './mistakes/product-not-transposed.ts';
import { sigmoidForgotten } from './mistakes/sigmoid-forgotten.ts';
import { softmax } from './mistakes/softmax.ts';
import { sumOverAnotherDim } from './mistakes/sum-over-another-dim.ts';
import { sumSkipped } from './mistakes/sum-skipped.ts';
import { target } from './mistakes/target.ts';
import { missingTerm, wrongCount, wrongTerm } from './mistakes/terms.ts';
import { ties } from './mistakes/ties.ts';
import { valueAsFactor } from './mistakes/value-as-factor.ts';

/**
 * What may have gone wrong on the way back, the plainest first: where several explain the same numbers, the first is told.
 * A missing term comes before the missing factor of a term that is then zero all the same; a wrong count before a sum that
 * is left out of the mean beside a variance, which comes to the same.
 */
export const explanations: readonly Explanation[] = [
  missingTerm,
  missingFactor,
  invertedMask,
  branchesExchanged,
  maskAtKink,
  wrongTerm,
  softmax,
  sigmoidForgotten,
  target,
  derivativeElsewhere,
  anotherGradient,
  productNotTransposed,
  otherValue,
  oneSample,
  wrongCount,
  sumSkipped,
  sumOverAnotherDim,
  overwritten,
  ties,
];

/** What is tried where none of those explains a gradient: there are many of them, and some say the same in more words. */
export const furtherExplanations: readonly Explanation[] = [
  anotherDerivative,
  extraDerivative,
  valueAsFactor,
  linearMap,
  clipping,
  kernelNotTurned,
];
