import type { Explanation } from './mistake.ts';
import { anotherGradient } from './mistakes/another-gradient.ts';
import { derivativeElsewhere } from './mistakes/derivative-elsewhere.ts';
import { extraDerivative } from './mistakes/extra-derivative.ts';
import { invertedMask, maskAtKink } from './mistakes/mask.ts';
import { missingFactor } from './mistakes/missing-factor.ts';
import { oneSample } from './mistakes/one-sample.ts';
import { otherValue } from './mistakes/other-value.ts';
import { path } from './mistakes/path.ts';
import { productNotTransposed } from './mistakes/product-not-transposed.ts';
import { softmax } from './mistakes/softmax.ts';
import { sumSkipped } from './mistakes/sum-skipped.ts';
import { target } from './mistakes/target.ts';

/** What may have gone wrong on the way back, the plainest first: where several explain the same numbers, the first is told. */
export const explanations: readonly Explanation[] = [
  missingFactor,
  invertedMask,
  maskAtKink,
  path,
  softmax,
  target,
  derivativeElsewhere,
  anotherGradient,
  productNotTransposed,
  otherValue,
  oneSample,
  sumSkipped,
  extraDerivative,
];
