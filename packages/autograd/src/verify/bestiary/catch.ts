import { checkPrimitive } from '../check-primitive.ts';
import { laws } from '../laws.ts';
import type { Beast } from './beast.ts';

/** Samples for each law, at each kind of place. */
const RUNS = 15;

/** The laws, of those named or of all, that a beast breaks and that what it was made from does not. */
export function lawsThatCatch(
  { primitive, degree, right, degreeOfRight }: Beast,
  among: readonly string[] = Object.keys(laws(degree)),
): readonly string[] {
  const broken = checkPrimitive(primitive, { degree, laws: among, runs: RUNS }).broken.map(({ law }) => law);
  const ofRight = broken.filter((law) => law in laws(degreeOfRight));
  const anyway = checkPrimitive(right, { degree: degreeOfRight, laws: ofRight, runs: RUNS }).broken;
  return broken.filter((law) => !anyway.some((other) => other.law === law));
}
