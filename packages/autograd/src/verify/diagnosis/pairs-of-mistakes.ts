import type { Observation } from '../derivation/observation.ts';
import { allOf } from './lines.ts';
import { type Explanation, type Mistake, predictBy, type RulesAt, type Words } from './mistake.ts';
import { invertedMask } from './mistakes/mask.ts';
import { missingFactor } from './mistakes/missing-factor.ts';
import { path } from './mistakes/path.ts';
import { productNotTransposed } from './mistakes/product-not-transposed.ts';
import { softmax } from './mistakes/softmax.ts';

/** Mistakes that are tried two at a time: others would be too many, and together explain too much. */
const combined: readonly Explanation[] = [missingFactor, invertedMask, softmax, path, productNotTransposed];
/** More pairs than this are not tried. */
const MOST_PAIRS = 4000;

/** Two mistakes in the rules of two lines. */
export function pairsOfMistakes(observation: Observation, words: Words): readonly Mistake[] {
  const single = combined.flatMap((explain) => [...explain(observation, words)]);
  const pairs = single.flatMap((first, i) =>
    single.slice(i + 1).flatMap((second) => together(observation, first, second)),
  );
  return pairs.slice(0, MOST_PAIRS);
}

function together(observation: Observation, first: Mistake, second: Mistake): readonly Mistake[] {
  if (first.rules === undefined || second.rules === undefined) return [];
  const [a, b]: readonly RulesAt[] = [first.rules, second.rules];
  const places = b(observation);
  if ([...a(observation).keys()].some((place) => places.has(place))) return [];
  const rules = allOf([a, b]);
  const causes = [...first.causes, ...second.causes];
  return [{ causes, says: `${first.says}; and ${second.says}`, rules, predict: predictBy(rules) }];
}
