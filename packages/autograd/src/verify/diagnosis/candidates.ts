import type { Tensor } from '../../core/tensor.ts';
import type { Observation } from '../derivation/observation.ts';
import { allAlike } from './alike.ts';
import { explanations, relations } from './explanations.ts';
import type { Cause, Mistake } from './mistake.ts';
import { pairsOfMistakes } from './pairs-of-mistakes.ts';
import type { Pairs } from './relation.ts';
import { sizesIn } from './sizes.ts';
import { wordsFor } from './words.ts';

/** What claimed gradients and the tape say at several points, the given one first. */
export interface Evidence {
  readonly observations: readonly Observation[];
  /** How far apart numbers may be that are called equal, relative to the largest. */
  readonly tolerance: number;
}

/** Something that explains a wrong gradient at all points. */
export interface Candidate {
  readonly causes: readonly Cause[];
  /** After the name of the gradient: ` _is_ twice what _it_ must be: …`, or `: the factor tanh′(z1) is missing`. */
  readonly says: string;
}

/**
 * What explains wrong gradients, by name, the likeliest first: one mistake; where there is none, a mistake together with a
 * factor or a transpose; where there is none, two mistakes.
 */
export function candidatesFor(evidence: Evidence, names: readonly string[]): ReadonlyMap<string, readonly Candidate[]> {
  const [first] = evidence.observations;
  const words = wordsFor(first);
  const single = explanations
    .flatMap((explain) => [...explain(first, words)])
    .map((mistake) => suppose(evidence, mistake));
  const double = () => pairsOfMistakes(first, words).map((mistake) => suppose(evidence, mistake));
  const find = (name: string): readonly Candidate[] => {
    const one = [...relationsTo(evidence, name), ...single.flatMap((supposed) => same(evidence, name, supposed))];
    if (one.length > 0) return one;
    const related = single.flatMap((supposed) => relatedTo(evidence, name, supposed));
    return related.length > 0 ? related : double().flatMap((supposed) => same(evidence, name, supposed));
  };
  return new Map(names.map((name) => [name, find(name)]));
}

/** A mistake, with the gradients that it would lead to: computed when they are asked for, once. */
interface Supposed {
  readonly mistake: Mistake;
  predict(point: number, name: string): Tensor | undefined;
}

function suppose({ observations }: Evidence, mistake: Mistake): Supposed {
  const made: ReturnType<Mistake['predict']>[] = [];
  return {
    mistake,
    predict: (point, name) => {
      try {
        made[point] ??= mistake.predict(observations[point]);
      } catch {
        // The mistake leads to shapes that do not fit: nobody can have made it.
        made[point] = () => undefined;
      }
      return made[point](name);
    },
  };
}

/** Claimed gradients beside others, at some points. */
function beside({ observations, tolerance }: Evidence, name: string, expected: readonly Tensor[]): Pairs {
  const claimed = expected.map((_, point) => observations[point].claims.get(name) as Tensor);
  return { claimed, expected, tolerance, sizes: sizesIn(observations[0]) };
}

function relationsTo(evidence: Evidence, name: string): readonly Candidate[] {
  const right = evidence.observations.map(({ truth }) => truth.get(name) as Tensor);
  const pairs = beside(evidence, name, right);
  return relations.flatMap((recognize) => {
    const relation = recognize(pairs);
    return relation ? [{ causes: [relation.cause], says: ` ${relation.says}` }] : [];
  });
}

function same(evidence: Evidence, name: string, supposed: Supposed): readonly Candidate[] {
  return fitting(evidence, name, supposed, ({ claimed, expected, tolerance }) =>
    allAlike(claimed, expected, tolerance) ? [{ causes: [], says: '' }] : [],
  );
}

function relatedTo(evidence: Evidence, name: string, supposed: Supposed): readonly Candidate[] {
  return fitting(evidence, name, supposed, (pairs) =>
    relations.flatMap((recognize) => {
      const relation = recognize(pairs);
      return relation?.telling ? [{ causes: [relation.cause], says: `; besides, _it_ ${relation.says}` }] : [];
    }),
  );
}

/** What a judge says of a claimed gradient and the one that a mistake leads to: of the first point, then of all. */
function fitting(
  evidence: Evidence,
  name: string,
  { mistake, predict }: Supposed,
  judge: (pairs: Pairs) => readonly Candidate[],
): readonly Candidate[] {
  const points = evidence.observations.map((_, point) => point);
  for (const tried of [points.slice(0, 1), points]) {
    const expected = tried.map((point) => predict(point, name));
    if (expected.includes(undefined)) return [];
    const judged = judge(beside(evidence, name, expected as readonly Tensor[]));
    if (judged.length === 0) return [];
    if (tried === points) {
      return judged.map(({ causes, says }) => ({
        causes: [...mistake.causes, ...causes],
        says: `: ${mistake.says}${says}`,
      }));
    }
  }
  return [];
}
