import { Generator } from '../../../core/random/generator.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { checkDerivation } from '../../derivation/check-derivation.ts';
import type { DerivationReport } from '../../derivation/derivation-report.ts';
import { type DerivedRule, DrawInputs } from './rule.ts';
import { rulesOfClassification } from './rules-of-classification.ts';
import { rulesOfCompositions } from './rules-of-compositions.ts';
import { rulesOfLayers } from './rules-of-layers.ts';
import { rulesOfStatistics } from './rules-of-statistics.ts';
import { type Slip, Student } from './student.ts';

export const rules: readonly DerivedRule[] = [
  ...rulesOfLayers,
  ...rulesOfClassification,
  ...rulesOfCompositions,
  ...rulesOfStatistics,
];

/** A rule with one step taken wrong, at drawn inputs. */
export interface WrongDerivation {
  readonly rule: DerivedRule;
  readonly slip: Slip;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/** Every rule with every slip. */
export function wrongDerivations(seed: number): readonly WrongDerivation[] {
  return rules.flatMap((rule, i) => {
    const inputs = rule.inputs(new DrawInputs(1000 * seed + i));
    const student = new Student();
    rule.derive(student, ...Object.values(inputs));
    return student.possible.map((slip) => ({ rule, slip, inputs })).filter(isWrong);
  });
}

/** Whether the slip changes a gradient at all: to multiply with a mask twice does not. */
function isWrong({ rule, slip, inputs }: WrongDerivation): boolean {
  const [right, wrong] = [new Student(), new Student(slip)].map((student) =>
    rule.derive(student, ...Object.values(inputs)),
  );
  return Object.keys(right).some((name) => String(right[name]) !== String(wrong[name]));
}

/** So many of them, drawn by a seed. */
export function drawWrongDerivations(seed: number, count: number): readonly WrongDerivation[] {
  const all = wrongDerivations(seed);
  return [...new Generator(seed).permutation(all.length)].slice(0, count).map((i) => all[i]);
}

export function checkRight(rule: DerivedRule, seed: number): DerivationReport {
  const inputs = rule.inputs(new DrawInputs(seed));
  return checkDerivation((...x) => rule.derive(new Student(), ...x), rule.f, inputs);
}

export function checkWrong({ rule, slip, inputs }: WrongDerivation): DerivationReport {
  return checkDerivation((...x) => rule.derive(new Student(slip), ...x), rule.f, inputs);
}

/** Whether the first diagnosis names the cause, and what it concerns. */
export function isNamed({ slip }: WrongDerivation, report: DerivationReport): boolean {
  const [first] = report.diagnoses;
  return (
    first?.causes.length === 1 &&
    first.causes[0] === slip.cause &&
    slip.about.every((word) => first.says.includes(word))
  );
}
