import { showShape } from '../../core/shape.ts';
import type { Diagnosis } from '../diagnosis/diagnose.ts';
import { gradientName } from '../diagnosis/diagnose.ts';
import { indent, showApart, showError, textTable } from '../text-table.ts';
import { type Finding, passes } from './judge.ts';

/** What `checkDerivation` found. Printed, it is a page to read. */
export class DerivationReport {
  /** One for each claimed gradient. */
  readonly findings: readonly Finding[];
  /** What is wrong, the likeliest explanation of each gradient. */
  readonly diagnoses: readonly Diagnosis[];
  /** What else a reader should know. */
  readonly notes: readonly string[];

  constructor(findings: readonly Finding[], diagnoses: readonly Diagnosis[], notes: readonly string[]) {
    this.findings = findings;
    this.diagnoses = diagnoses;
    this.notes = notes;
  }

  /** Whether every claimed gradient is right, up to rounding. */
  get passed(): boolean {
    return this.findings.every(passes);
  }

  toString(): string {
    const wrong = this.findings.filter((finding) => !passes(finding)).length;
    const [count, gradients] = [this.findings.length, this.findings.length === 1 ? 'gradient' : 'gradients'];
    const outcome = wrong === 0 ? `passed (${count} ${gradients})` : `${wrong} of ${count} ${gradients} wrong`;
    const parts = [
      `checkDerivation: ${outcome}`,
      indent(textTable(this.findings.map(showFinding))),
      ...this.diagnoses.map(showDiagnosis),
      ...this.notes,
    ];
    return parts.join('\n\n');
  }
}

// How Node prints an object in console.log.
Object.defineProperty(DerivationReport.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value: DerivationReport.prototype.toString,
});

/** A finding in one line. */
export function sayFinding(finding: Finding): string {
  return showFinding(finding)
    .filter((cell) => cell !== '')
    .join('  ');
}

function showFinding({ name, shape, verdict, worst }: Finding): readonly string[] {
  return [gradientName(name), showShape(shape), sayings[verdict], worst === undefined ? '' : showWorst(worst, verdict)];
}

const sayings: Readonly<Record<Finding['verdict'], string>> = {
  right: 'right',
  rounded: 'right, to float32',
  wrong: 'wrong',
  'wrong shape': 'wrong shape',
  'not finite': 'not finite',
  'no dependence': 'wrong: must be zero',
};

function showWorst({ at, claimed, tape, error }: NonNullable<Finding['worst']>, verdict: Finding['verdict']): string {
  if (verdict === 'right' || verdict === 'rounded') return '';
  const [ours, theirs] = showApart(claimed, tape);
  const far = Number.isFinite(error) ? ` (${showError(error)} times what rounding accounts for)` : '';
  return `at ${at}: ${ours} claimed, ${theirs} on the tape${far}`;
}

function showDiagnosis({ says, others }: Diagnosis): string {
  return [says, ...others.map((other) => indent(`(or: ${other})`))].join('\n');
}
