import type { Tensor } from '../../core/tensor.ts';
import type { Observation } from '../derivation/observation.ts';
import { allAlike } from './alike.ts';
import { explanations, furtherExplanations } from './explanations.ts';
import { both, type Cause, type Mistake, predict } from './mistake.ts';
import { pairsOfMistakes } from './pairs-of-mistakes.ts';
import type { Pairs } from './relation.ts';
import { relationsIn } from './relations/relations.ts';
import { type Size, sizesIn } from './sizes.ts';
import { wordsFor } from './words.ts';
import { Budget, workOf } from './work.ts';

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

/** What explains wrong gradients, by name, the likeliest first. */
export interface Found {
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>;
  /** Whether everything was tried. */
  readonly complete: boolean;
}

/**
 * Looks for what explains wrong gradients: one mistake, of those that are usual or else of the others; where there is none, a mistake together with a factor or another
 * shape; where there is none, one that explains another gradient together with any other; or else two.
 */
export function findCandidates(evidence: Evidence, names: readonly string[]): Found {
  return new Search(evidence, names).run();
}

class Search {
  readonly #evidence: Evidence;
  readonly #names: readonly string[];
  readonly #sizes: readonly Size[];
  readonly #budget = new Budget();
  readonly #work: number;
  /** By name: what explains it, and what does so only together with something else. */
  readonly #whole = new Map<string, Candidate[]>();
  readonly #half = new Map<string, Candidate[]>();

  constructor(evidence: Evidence, names: readonly string[]) {
    this.#evidence = evidence;
    this.#names = names;
    this.#sizes = sizesIn(evidence.observations[0]);
    this.#work = workOf(evidence.observations[0]);
  }

  run(): Found {
    const [first] = this.#evidence.observations;
    const words = wordsFor(first);
    for (const name of this.#names) this.#compareWithRight(name);
    if (this.#missing().length > 0) {
      const mistakes = explanations.flatMap((explain) => [...explain(first, words)]);
      this.#try(mistakes, this.#names, () => this.#budget.isEnough && this.#missing().length === 0);
      if (this.#missing().length > 0) {
        this.#try(
          furtherExplanations.flatMap((explain) => [...explain(first, words)]),
          this.#missing(),
        );
      }
      this.#settleForHalves();
      const known = [...this.#whole.values()].flatMap(([candidate]) => candidate?.mistake ?? []);
      const withKnown = known.flatMap((one) => mistakes.flatMap((other) => both(one, other, first) ?? []));
      this.#try(withKnown, this.#missing(), () => this.#missing().length === 0);
      if (this.#missing().length > 0) this.#try(pairsOfMistakes(first, words), this.#missing());
    }
    return { candidates: this.#whole, complete: !this.#budget.isAll };
  }

  #missing(): readonly string[] {
    return this.#names.filter((name) => !this.#whole.has(name));
  }

  /** Relations of a claimed gradient to the right one. */
  #compareWithRight(name: string): void {
    const right = this.#evidence.observations.map(({ truth }) => truth.get(name) as Tensor);
    for (const { causes, says, exact } of relationsIn(this.#beside(name, right))) {
      add(exact && causes.length === 1 ? this.#whole : this.#half, name, { causes, says: ` ${says}` });
    }
  }

  #try(mistakes: readonly Mistake[], names: readonly string[], isDone: () => boolean = () => false): void {
    for (const mistake of mistakes) {
      if (names.length === 0 || isDone() || this.#budget.isAll) return;
      const first = this.#predict(mistake, 0, names);
      const possible = names.filter((name) => this.#judge(name, [first]).length > 0);
      if (possible.length === 0) continue;
      const everywhere = this.#evidence.observations.map((_, point) => this.#predict(mistake, point, possible));
      for (const name of possible) {
        for (const { causes, says, isWhole } of this.#judge(name, everywhere)) {
          const candidate = { causes: [...mistake.causes, ...causes], says: `: ${mistake.says}${says}`, mistake };
          add(isWhole ? this.#whole : this.#half, name, candidate);
        }
      }
    }
  }

  /** The gradients that a mistake leads to at one point; none if it leads to shapes that do not fit. */
  #predict(mistake: Mistake, point: number, names: readonly string[]): ReadonlyMap<string, Tensor> {
    this.#budget.spend(this.#work);
    try {
      return predict(mistake, this.#evidence.observations[point], names);
    } catch {
      return new Map();
    }
  }

  /** What a claimed gradient is to those that a mistake leads to, at the first points. */
  #judge(
    name: string,
    predicted: readonly ReadonlyMap<string, Tensor>[],
  ): readonly (Candidate & { isWhole: boolean })[] {
    const expected = predicted.flatMap((gradients) => gradients.get(name) ?? []);
    if (expected.length < predicted.length) return [];
    const pairs = this.#beside(name, expected);
    if (allAlike(pairs.claimed, pairs.expected, pairs.tolerance)) return [{ causes: [], says: '', isWhole: true }];
    return relationsIn(pairs)
      .filter(({ telling }) => telling)
      .map(({ causes, says }) => ({ causes, says: `; besides, _it_ ${says}`, isWhole: false }));
  }

  #beside(name: string, expected: readonly Tensor[]): Pairs {
    const { observations, tolerance } = this.#evidence;
    const claimed = expected.map((_, point) => observations[point].claims.get(name) as Tensor);
    return { claimed, expected, tolerance, sizes: this.#sizes };
  }

  /** What explains a gradient together with something else is taken where nothing does alone. */
  #settleForHalves(): void {
    for (const name of this.#missing()) {
      const half = this.#half.get(name);
      if (half !== undefined) this.#whole.set(name, half);
    }
  }
}

function add(to: Map<string, Candidate[]>, name: string, candidate: Candidate): void {
  to.set(name, [...(to.get(name) ?? []), candidate]);
}
