import type { WrongDerivation } from './score.ts';

/** A wrong derivation, and what the diagnosis said first. */
export interface Outcome {
  readonly wrong: WrongDerivation;
  readonly named: boolean;
  readonly says: string;
}

/** The score as a page of Markdown. */
export function scorePage(single: readonly Outcome[], double: readonly Outcome[], seed: number): string {
  const causes = [...new Set(single.flatMap(({ wrong }) => wrong.slips.map(({ cause }) => cause)))].sort();
  const rows = causes.map((cause) =>
    row(
      cause,
      single.filter(({ wrong }) => wrong.slips[0].cause === cause),
    ),
  );
  const rules = new Set(single.map(({ wrong }) => wrong.rule)).size;
  return `# What the diagnosis finds

Written by the test of the score, \`packages/autograd/src/verify/diagnosis/score\`; \`npx vitest run score -u\` writes it again.

${rules} functions (layers, losses, normalizations, attention, …) were derived by hand, rightly. Then one step was taken wrong: every
step in every way that the derivation offers, at inputs of sizes and values drawn with seed ${seed}. A mistake is found if the first
diagnosis names its kind, and says what it concerns: which factor, which size, which value.

| the mistake | wrong derivations | named first |
| --- | ---: | ---: |
${rows.join('\n')}
${row('**all**', single)}

With two steps of one derivation taken wrong (${double.length} pairs, drawn with the same seed) both must be named:

| the mistakes | wrong derivations | both named |
| --- | ---: | ---: |
${row('two of the above', double)}

Not found (in some of the pairs one mistake leaves no trace of the other: a factor that is missing cannot be seen to be taken
at the wrong place):

${[...single, ...double]
  .filter(({ named }) => !named)
  .map(showMissed)
  .join('\n')}
`;
}

function row(what: string, outcomes: readonly Outcome[]): string {
  const named = outcomes.filter((outcome) => outcome.named).length;
  return `| ${what} | ${outcomes.length} | ${named} (${Math.round((100 * named) / outcomes.length)} %) |`;
}

function showMissed({ wrong: { rule, slips }, says }: Outcome): string {
  const taken = slips.map(({ step, kind }) => `${step} ${kind}`).join(', and ');
  return `- ${rule.name}: ${taken}. Said was: "${says.split('\n')[0]}"`;
}
