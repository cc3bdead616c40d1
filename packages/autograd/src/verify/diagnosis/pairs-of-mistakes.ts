import type { Observation } from '../derivation/observation.ts';
import { both, type Explanation, type Mistake, type Words } from './mistake.ts';
import { invertedMask } from './mistakes/mask.ts';
import { missingFactor } from './mistakes/missing-factor.ts';
import { productNotTransposed } from './mistakes/product-not-transposed.ts';
import { softmax } from './mistakes/softmax.ts';
import { target } from './mistakes/target.ts';
import { missingTerm, wrongTerm } from './mistakes/terms.ts';

/** Mistakes that are tried two at a time: others would be too many, and together explain too much. */
const combined: readonly Explanation[] = [
  missingTerm,
  missingFactor,
  invertedMask,
  softmax,
  target,
  productNotTransposed,
  wrongTerm,
];
/** More pairs than this are not tried. */
const MOST_PAIRS = 4000;

/** Two mistakes at a time. */
export function pairsOfMistakes(observation: Observation, words: Words): readonly Mistake[] {
  const single = combined.flatMap((explain) => [...explain(observation, words)]);
  const pairs = single.flatMap((first, i) => single.slice(i + 1).map((second) => both(first, second, observation)));
  return pairs.filter((pair) => pair !== undefined).slice(0, MOST_PAIRS);
}
