import { Generator } from '../../core/random/generator.ts';
import { compareVariable } from '../gradients/compare-variable.ts';
import { isRight } from '../gradients/gradient-report.ts';
import { tapedOf } from '../gradients/taped.ts';
import type { Program } from '../program.ts';

/** A quick look is enough to see whether the tape can be trusted. */
const QUICK = { entries: 0, directions: 1 };
/** Of the directions: a report can be repeated. */
const SEED = 2;

/** What is to be said where differences contradict the tape that a derivation is compared with: nothing, usually. */
export function doubtsAboutTape(program: Program): readonly string[] {
  const generator = new Generator(SEED);
  const taped = tapedOf(program, generator);
  const wrong = program.names.filter((_, i) => !isRight(compareVariable(taped, i, QUICK, generator)));
  if (wrong.length === 0) return [];
  return [
    `Central differences contradict the tape in the derivative by ${wrong.join(', ')}: an operation of the function declares a wrong derivative, so the derivation may be right where the tape is not. Run checkGradients on the function first.`,
  ];
}
