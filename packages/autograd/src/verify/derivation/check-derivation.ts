import { fail } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import { byDefinition } from '../../transforms/by-definition.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { firstError } from '../diagnosis/trail.ts';
import { unexplained } from '../diagnosis/unexplained.ts';
import { type Inputs, nameInputs, nameParameters, type UsedParameters } from '../named.ts';
import { withProgram } from '../program.ts';
import type { Claimed } from './claims.ts';
import type { Columns } from './columns.ts';
import { DerivationReport, sayFinding } from './derivation-report.ts';
import { doubtsAboutTape } from './doubts-about-tape.ts';
import { drawObservations } from './draw-observations.ts';
import { type Finding, isSingle, judge, passes } from './judge.ts';
import { checkSingle, type Derivation, isRepeatable, type Observation, observe } from './observation.ts';

export interface DerivationCheckOptions {
  /** Parameters that the function uses, as for `checkGradients`. The derivation may claim gradients by their names. */
  readonly parameters?: UsedParameters;
  /**
   * The derivation is written in columns (a column is a sample), the function in rows. Then `claimed` is given every
   * matrix transposed and every vector as one column, and gives its gradients so. A list of names does this for those
   * values only. Default: false: every gradient has the shape of its tensor.
   */
  readonly columns?: Columns;
  /** Seeds the default generator before each evaluation, for functions that draw random numbers. */
  readonly seed?: number;
  /**
   * Whether the derivation is also tried at other values of the same shapes (drawn between those of the inputs; one-hot
   * rows and masks stay what they are). Default: true; false for inputs with a structure that such values lose.
   */
  readonly elsewhere?: boolean;
}

/**
 * Compares gradients that somebody derived with those of the tape, and says what is wrong with them.
 *
 * @param claimed The derivation: from the inputs to the gradients, by name or in an array. It computes in float64.
 * @param f The function, with a single number as result. Values that it names with `probe` can be claimed too.
 * @param inputs The arguments of both, in an array or by name.
 * @returns A report to print; `passed` says whether all is right, `diagnoses` what is wrong.
 * @throws GradtapeError if there is nothing to compare: no gradients, the wrong number of them, a name that is not known,
 *   a function that does not give a single finite number.
 * @example
 * import { checkDerivation } from '@gradtape/autograd/verify';
 * const report = checkDerivation((x) => ({ dx: x }), (x) => x.mul(x).sum(), { x: tensor([1, 2, 3]) });
 * report.diagnoses[0].says; // 'dx is half of what it must be: a factor 2 is missing (of a square?), or a ½ too many.'
 */
export function checkDerivation(
  claimed: (...inputs: Tensor[]) => Claimed,
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  options: DerivationCheckOptions = {},
): DerivationReport {
  const operation = 'checkDerivation';
  const { parameters = [], columns = false, seed, elsewhere = true } = options;
  const named = { inputs: nameInputs(operation, inputs), parameters: nameParameters(operation, parameters) };
  const defined = (...all: Tensor[]): Tensor => byDefinition(() => f(...all));
  return withProgram({ operation, f: defined, ...named, seed }, (program) =>
    reportOn({ program, inputs: named.inputs, claimed, columns }, elsewhere),
  );
}

/** The same, but throws a GradtapeError that says what is wrong, if anything is. */
export function assertDerivation(
  claimed: (...inputs: Tensor[]) => Claimed,
  f: (...inputs: Tensor[]) => Tensor,
  inputs: Inputs,
  options: DerivationCheckOptions = {},
): void {
  const report = checkDerivation(claimed, f, inputs, options);
  if (report.passed) return;
  fail('assertDerivation: a derived gradient is wrong', {
    got: report.findings
      .filter((finding) => !passes(finding))
      .map(sayFinding)
      .join('\n         '),
    needs: 'the gradients of the tape, up to rounding',
    fix: [...report.diagnoses.map(({ says }) => says), ...report.notes].join('\n').replaceAll('\n', '\n         '),
  });
}

/** Points beside the given one at which a derivation must be right as well. */
const ELSEWHERE = 2;
/** Points beside the given one that an explanation must hold at. */
const POINTS = 3;
/** How near it must come there, relative to the largest entry; a constant in a derivation may be rounded to float32. */
const ALIKE = { float32: 1e-4, float64: 1e-6 };

function reportOn(derivation: Derivation, elsewhere: boolean): DerivationReport {
  const { program } = derivation;
  checkSingle(program.evaluate(program.start));
  const first = observe(derivation, program.start);
  const here = judge(first);
  if (here.every(passes)) {
    const others = elsewhere ? drawObservations(derivation, first, ELSEWHERE) : [];
    const there = others.map(judge).find((findings) => !findings.every(passes));
    if (there === undefined) return new DerivationReport(here, [], notesOn(here));
    return failed(derivation, first, there, [WRONG_ELSEWHERE]);
  }
  return failed(derivation, first, here, []);
}

const WRONG_ELSEWHERE =
  'At the given inputs all is right, but not at others of the same shapes. If it need not be right there, because the inputs have a structure that drawn ones lack, pass { elsewhere: false }.';

function failed(
  derivation: Derivation,
  first: Observation,
  findings: readonly Finding[],
  notes: readonly string[],
): DerivationReport {
  const observations = [first, ...drawObservations(derivation, first, POINTS)];
  const wrong = findings.filter(({ verdict }) => verdict === 'wrong' || verdict === 'wrong shape');
  const names = wrong.map(({ name }) => name);
  const evidence = { observations, tolerance: isSingle(first, names) ? ALIKE.float32 : ALIKE.float64 };
  const { diagnoses, complete } = diagnose(evidence, names);
  const rest = unexplained(findings, diagnoses, evidence);
  const between = rest.length > 0 ? firstError(findings, first) : undefined;
  const doubts = [...(isRepeatable(derivation, first) ? [] : [RANDOM]), ...doubtsAboutTape(derivation.program)];
  return new DerivationReport(
    findings,
    [...diagnoses, ...rest],
    [...notes, ...(between ? [between] : []), ...(complete ? [] : [INCOMPLETE]), ...doubts],
  );
}

const RANDOM =
  'The derivation gives other numbers each time: it is random. Pass { seed: 1 }, which seeds the default generator before each evaluation, or give it the random numbers as an input.';

const INCOMPLETE =
  'Not every explanation was tried, since the function is large. A derivation does not depend on sizes: check it at small ones.';

function notesOn(findings: readonly Finding[]): readonly string[] {
  const rounded = findings.filter(({ verdict }) => verdict === 'rounded').map(({ name }) => name);
  if (rounded.length === 0) return [];
  return [
    `${rounded.join(', ')}: equal to the seven digits of float32, not to the sixteen of float64: some step is rounded (tensor(…) makes float32 unless told otherwise).`,
  ];
}
