import { styleText } from 'node:util';

/** What a derivation came to. */
export interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  /** The report, or the error that there was instead. */
  readonly text: string;
  /** The sentences of the report that say what is wrong. */
  readonly says: readonly string[];
}

/** The name with a mark, and the report below it; in colour where the terminal has it (and NO_COLOR is not set). */
export function showOutcome({ name, passed, text, says }: Outcome): string {
  const head = passed ? styleText('green', `✓ ${name}`) : styleText('red', `✗ ${name}`);
  const lines = text
    .split('\n')
    .map((line) =>
      line === '' ? line : `    ${says.includes(line) ? styleText('yellow', line) : paintVerdicts(line)}`,
    );
  return [`  ${styleText('bold', head)}`, ...lines, ''].join('\n');
}

function paintVerdicts(line: string): string {
  return line
    .replace(/\b(passed|right)\b/g, (word) => styleText('green', word))
    .replace(/\b(failed|wrong)\b/g, (word) => styleText('red', word));
}

/** `2 derivations right, 1 wrong` */
export function showTotal(outcomes: readonly Outcome[]): string {
  const right = outcomes.filter(({ passed }) => passed).length;
  const wrong = outcomes.length - right;
  const parts = [
    ...(right > 0 ? [styleText('green', `${right} right`)] : []),
    ...(wrong > 0 ? [styleText('red', `${wrong} wrong`)] : []),
  ];
  return `${outcomes.length} ${outcomes.length === 1 ? 'derivation' : 'derivations'}: ${parts.join(', ')}`;
}
