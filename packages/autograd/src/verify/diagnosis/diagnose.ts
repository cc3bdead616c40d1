import { type Candidate, type Evidence, findCandidates } from './candidates.ts';
import type { Cause } from './mistake.ts';

/** An explanation, and the wrong gradients that it explains. */
export interface Diagnosis {
  readonly names: readonly string[];
  /** The kind of the mistake; two where two were made. Empty where nothing was found. */
  readonly causes: readonly Cause[];
  /** The whole sentence. */
  readonly says: string;
  /** What explains the same numbers as well, in sentences. */
  readonly others: readonly string[];
}

/** What was found, and whether everything was tried. */
export interface Diagnosed {
  readonly diagnoses: readonly Diagnosis[];
  readonly complete: boolean;
}

/** Explains wrong gradients: at all points, or else at the given one alone. */
export function diagnose({ observations, tolerance }: Evidence, names: readonly string[]): Diagnosed {
  const everywhere = explainedBy({ observations, tolerance }, names);
  const rest = names.filter((name) => !everywhere.diagnoses.some((diagnosis) => diagnosis.names.includes(name)));
  if (rest.length === 0 || observations.length === 1 || !everywhere.complete) return everywhere;
  const here = explainedBy({ observations: observations.slice(0, 1), tolerance }, rest);
  const onlyHere = here.diagnoses.map((diagnosis) => ({ ...diagnosis, says: `${diagnosis.says} ${ONLY_HERE}` }));
  return { diagnoses: [...everywhere.diagnoses, ...onlyHere], complete: here.complete };
}

const ONLY_HERE =
  '(This explains the given inputs, but not others of the same shapes: does the derivation use values that are not among its arguments?)';

/** Together the gradients that have one explanation in common, since one mistake spoils many. */
function explainedBy(evidence: Evidence, names: readonly string[]): Diagnosed {
  const { candidates: found, complete } = findCandidates(evidence, names);
  const shared = new Map<string, number>();
  for (const { says } of [...found.values()].flatMap(withoutRepetition)) shared.set(says, (shared.get(says) ?? 0) + 1);
  const chosen = new Map<string, { candidate: Candidate; names: string[]; others: readonly Candidate[] }>();
  for (const [name, candidates] of found) {
    const [best, ...others] = [...candidates].sort((a, b) => (shared.get(b.says) ?? 0) - (shared.get(a.says) ?? 0));
    if (best === undefined) continue;
    const group = chosen.get(best.says) ?? { candidate: best, names: [], others };
    group.names.push(name);
    chosen.set(best.says, group);
  }
  const diagnoses = Array.from(chosen.values(), ({ candidate, names, others }) => ({
    names,
    causes: candidate.causes,
    says: sentence(names, candidate),
    others: withoutRepetition(others.filter(({ says }) => says !== candidate.says))
      .slice(0, OTHERS)
      .map((other) => sentence(names, other)),
  }));
  return { diagnoses, complete };
}

/** So many other explanations are told. */
const OTHERS = 2;

function withoutRepetition(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ says }, i) => candidates.findIndex((other) => other.says === says) === i);
}

/** What gradients are called: `dW1`. */
export function gradientName(name: string): string {
  return /^[A-Za-z]\w{0,4}$/.test(name) ? `d${name}` : `the gradient by ${name}`;
}

function sentence(names: readonly string[], { says }: Candidate): string {
  const subjects = names.map(gradientName);
  const all = subjects.length === 1 ? subjects[0] : `${subjects.slice(0, -1).join(', ')} and ${subjects.at(-1)}`;
  return `${conjugated(`${all}${says}`, subjects.length > 1)}.`;
}

const plurals: Readonly<Record<string, string>> = { is: 'are', has: 'have', it: 'they' };

/** Puts the words between underscores into the plural, or leaves them as they are. */
export function conjugated(says: string, plural: boolean): string {
  return says.replace(/\b_(is|has|it)_\b/g, (_, word: string) => (plural ? plurals[word] : word));
}
