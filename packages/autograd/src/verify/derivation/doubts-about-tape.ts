import { adopt } from '../../core/allocate.ts';
import { Generator } from '../../core/random/generator.ts';
import { DIFFERENCES, innerProduct, numbersOf } from '../compare.ts';
import { moved } from '../differences.ts';
import { inDType } from '../function-at.ts';
import { compareVariable } from '../gradients/compare-variable.ts';
import { alongAll } from '../gradients/directions.ts';
import { isRight } from '../gradients/gradient-report.ts';
import { confirmedSlope, slopeAlong } from '../gradients/slope.ts';
import { type Taped, tapedOf } from '../gradients/taped.ts';
import type { Program } from '../program.ts';

/** Of the directions: a report can be repeated. */
const SEED = 2;

/** What is to be said where differences contradict the tape that a derivation is compared with: nothing, usually. */
export function doubtsAboutTape(program: Program): readonly string[] {
  const taped = tapedOf(program, new Generator(SEED));
  if (agreesAlongAll(taped)) return [];
  const wrong = program.names.filter((_, i) => {
    return !isRight(compareVariable(taped, i, { entries: 0, directions: 1 }, new Generator(SEED)));
  });
  if (wrong.length === 0) return [];
  return [
    `Central differences contradict the tape in the derivative by ${wrong.join(', ')}: an operation of the function declares a wrong derivative, so the derivation may be right where the tape is not. Run checkGradients on the function first.`,
  ];
}

/** A quick look: whether the slope is that of the tape when all variables move at once, by random amounts. */
function agreesAlongAll({ program, gradients, rounding }: Taped): boolean {
  const generator = new Generator(SEED);
  const directions = program.start.map((x) => alongAll(x, generator, '').tensor);
  const f = (t: { item(): number }): number => {
    const there = program.start.map((x, i) => inDType(moved(x, directions[i], t.item()), x.dtype));
    return program.evaluate(there)[0].item();
  };
  const terms = directions.map((direction, i) => innerProduct(numbersOf(gradients[i]), numbersOf(direction)));
  const [expected, largest] = [
    terms.reduce((sum, { value }) => sum + value, 0),
    Math.max(...terms.map((x) => x.terms)),
  ];
  const zero = adopt(new Float64Array(1), []);
  const [along, forwards] = [{ f, x: zero, rounding, largest }, adopt(Float64Array.of(1), [])];
  const slope = confirmedSlope(along, forwards, expected) ?? slopeAlong(along, forwards);
  return Math.abs(slope.value - expected) <= 10 * slope.error + DIFFERENCES * largest;
}
