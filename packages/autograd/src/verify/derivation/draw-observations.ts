import { Generator } from '../../core/random/generator.ts';
import type { Tensor } from '../../core/tensor.ts';
import { isFiniteTensor } from '../compare.ts';
import { drawAfresh } from './draw-afresh.ts';
import { type Derivation, type Observation, observe } from './observation.ts';

/** Of the drawn values: a report can be repeated. */
const SEED = 1;
/** So many draws are tried for each that is wanted: some may leave the domain of the function. */
const TRIES = 4;

/**
 * What tape and derivation say at other values of the same shapes, so that what holds at one point by coincidence does not
 * count. Points are left out where something is not finite or throws, or where the function computes something else.
 */
export function drawObservations(derivation: Derivation, first: Observation, count: number): readonly Observation[] {
  const generator = new Generator(SEED);
  const drawn: Observation[] = [];
  for (let tries = 0; drawn.length < count && tries < TRIES * count; tries++) {
    const values = derivation.program.start.map((x) => drawAfresh(x, generator));
    const observation = observeOrNothing(derivation, values);
    if (observation && isComparable(observation, first)) drawn.push(observation);
  }
  return drawn;
}

function observeOrNothing(derivation: Derivation, values: readonly Tensor[]): Observation | undefined {
  try {
    return observe(derivation, values);
  } catch {
    // Whoever wrote the function or the derivation did not mean them for such values.
    return undefined;
  }
}

function isComparable(observation: Observation, first: Observation): boolean {
  const { run, claims, truth } = observation;
  return (
    [...run.outputs, ...claims.values(), ...truth.values()].every(isFiniteTensor) &&
    [...first.claims.keys()].every((name) => claims.has(name)) &&
    run.lines.length === first.run.lines.length &&
    run.lines.every(({ primitive }, place) => primitive.name === first.run.lines[place].primitive.name)
  );
}
