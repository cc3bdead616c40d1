import { isFloating } from '../../../core/dtype.ts';
import { Generator } from '../../../core/random/generator.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { checkDerivation } from '../../derivation/check-derivation.ts';
import type { DerivationReport } from '../../derivation/derivation-report.ts';
import { inDType } from '../../function-at.ts';
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

/** A rule with one or two steps taken wrong, at drawn inputs. */
export interface WrongDerivation {
  readonly rule: DerivedRule;
  readonly slips: readonly Slip[];
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/** Every rule with every slip, at inputs drawn by a seed. */
export function wrongDerivations(seed: number): readonly WrongDerivation[] {
  return rules.flatMap((rule, i) => {
    const inputs = rule.inputs(new DrawInputs(1000 * seed + i));
    const student = new Student();
    rule.derive(student, ...Object.values(inputs));
    return student.possible.map((slip) => ({ rule, slips: [slip], inputs })).filter(isWrong);
  });
}

/** Rules with two slips in different steps, both drawn by the seed. */
export function twiceWrongDerivations(seed: number, count: number): readonly WrongDerivation[] {
  const single = wrongDerivations(seed);
  const pairs = single.flatMap((first, i) =>
    single.slice(i + 1).flatMap((second) => {
      const [a, b] = [first.slips[0], second.slips[0]];
      return first.rule === second.rule && a.step !== b.step ? [{ ...first, slips: [a, b] }] : [];
    }),
  );
  return [...new Generator(seed).permutation(pairs.length)].slice(0, count).map((i) => pairs[i]);
}

/** Whether the slip changes a gradient at all: to multiply with a mask twice does not. */
function isWrong({ rule, slips, inputs }: WrongDerivation): boolean {
  const [right, wrong] = [new Student(), new Student(...slips)].map((student) =>
    rule.derive(student, ...Object.values(inputs)),
  );
  return Object.keys(right).some((name) => String(right[name]) !== String(wrong[name]));
}

/** The derivation without a slip, at inputs drawn by a seed. */
export function checkRight(rule: DerivedRule, seed: number, dtype: 'float32' | 'float64'): DerivationReport {
  const drawn = Object.entries(rule.inputs(new DrawInputs(seed)));
  const inputs = Object.fromEntries(drawn.map(([name, x]) => [name, isFloating(x.dtype) ? inDType(x, dtype) : x]));
  return checkDerivation((...x) => rule.derive(new Student(), ...x), rule.f, inputs);
}

export function checkWrong({ rule, slips, inputs }: WrongDerivation): DerivationReport {
  return checkDerivation((...x) => rule.derive(new Student(...slips), ...x), rule.f, inputs);
}

/** Whether the first diagnosis names the one slip, and what it concerns. */
export function isNamed({ slips: [slip] }: WrongDerivation, { diagnoses: [first] }: DerivationReport): boolean {
  return (
    first?.causes.length === 1 &&
    first.causes[0] === slip.cause &&
    slip.about.every((word) => first.says.includes(word))
  );
}

/** Whether the diagnoses together name all slips, and what they concern. */
export function areNamed({ slips }: WrongDerivation, { diagnoses }: DerivationReport): boolean {
  const causes = diagnoses.flatMap((diagnosis) => diagnosis.causes);
  const says = diagnoses.map((diagnosis) => diagnosis.says).join('\n');
  return slips.every(({ cause, about }) => causes.includes(cause) && about.every((word) => says.includes(word)));
}
