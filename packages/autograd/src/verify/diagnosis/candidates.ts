import type { Tensor } from '../../core/tensor.ts';
import type { Observation } from '../derivation/observation.ts';
import { allAlike } from './alike.ts';
import { explanations } from './explanations.ts';
import { both, type Cause, type Mistake, predict } from './mistake.ts';
import { pairsOfMistakes } from './pairs-of-mistakes.ts';
import type { Pairs } from './relation.ts';
import { relationsIn } from './relations/relations.ts';
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
  /** What went wrong on the way back, if it did. */
  readonly mistake?: Mistake;
}

/**
 * What explains wrong gradients, by name, the likeliest first: one mistake; where there is none, a mistake together with a
 * factor or another shape; where there is none, one that explains another gradient together with any other; or else two.
 */
export function candidatesFor(evidence: Evidence, names: readonly string[]): ReadonlyMap<string, readonly Candidate[]> {
  const [first] = evidence.observations;
  const words = wordsFor(first);
  const single = explanations.flatMap((explain) => [...explain(first, words)]);
  const supposed = single.map((mistake) => suppose(evidence, mistake));
  const found = new Map(names.map((name) => [name, alone(evidence, name, supposed)]));
  const known = [...found.values()].flatMap(([candidate]) => candidate?.mistake ?? []);
  const withKnown = () => known.flatMap((mistake) => single.flatMap((other) => both(mistake, other, first) ?? []));
  for (const [name, candidates] of found) {
    if (candidates.length > 0) continue;
    for (const pairs of [withKnown, () => pairsOfMistakes(first, words)]) {
      const fitting = pairs().flatMap((pair) => same(evidence, name, suppose(evidence, pair)));
      found.set(name, fitting);
      if (fitting.length > 0) break;
    }
  }
  return found;
}

/** What explains a gradient with one mistake, or one and a relation. */
function alone(evidence: Evidence, name: string, supposed: readonly Supposed[]): readonly Candidate[] {
  const right = evidence.observations.map(({ truth }) => truth.get(name) as Tensor);
  const relations = relationsIn(beside(evidence, name, right)).map(({ causes, says }) => ({
    causes,
    says: ` ${says}`,
  }));
  const one = [
    ...relations.filter(({ causes }) => causes.length === 1),
    ...supposed.flatMap((mistake) => same(evidence, name, mistake)),
  ];
  if (one.length > 0) return one;
  return [...relations, ...supposed.flatMap((mistake) => related(evidence, name, mistake))];
}

/** A mistake, with the gradients that it would lead to: computed when they are asked for, once. */
interface Supposed {
  readonly mistake: Mistake;
  gradient(point: number, name: string): Tensor | undefined;
}

function suppose({ observations }: Evidence, mistake: Mistake): Supposed {
  const made: ReturnType<typeof predict>[] = [];
  return {
    mistake,
    gradient: (point, name) => {
      try {
        made[point] ??= predict(mistake, observations[point]);
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

function same(evidence: Evidence, name: string, supposed: Supposed): readonly Candidate[] {
  return fitting(evidence, name, supposed, ({ claimed, expected, tolerance }) =>
    allAlike(claimed, expected, tolerance) ? [{ causes: [], says: '' }] : [],
  );
}

function related(evidence: Evidence, name: string, supposed: Supposed): readonly Candidate[] {
  return fitting(evidence, name, supposed, (pairs) =>
    relationsIn(pairs)
      .filter(({ telling }) => telling)
      .map(({ causes, says }) => ({ causes, says: `; besides, _it_ ${says}` })),
  );
}

/** What a judge says of a claimed gradient and the one that a mistake leads to: of the first point, then of all. */
function fitting(
  evidence: Evidence,
  name: string,
  { mistake, gradient }: Supposed,
  judge: (pairs: Pairs) => readonly Candidate[],
): readonly Candidate[] {
  const judgedAt = (points: readonly number[]): readonly Candidate[] => {
    const expected = points.flatMap((point) => gradient(point, name) ?? []);
    return expected.length === points.length ? judge(beside(evidence, name, expected)) : [];
  };
  if (judgedAt([0]).length === 0) return [];
  return judgedAt(evidence.observations.map((_, point) => point)).map(({ causes, says }) => ({
    causes: [...mistake.causes, ...causes],
    says: `: ${mistake.says}${says}`,
    mistake,
  }));
}
