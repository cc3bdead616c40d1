import { Generator, type GeneratorState } from './generator.ts';

/** The seed of a program that names none: runs can be repeated without asking for it. */
const SEED = 0;

const generator: Generator = new Generator(SEED);

/** The generator of every random function that is given no other. */
export function defaultGenerator(): Generator {
  return generator;
}

/**
 * Starts the stream of this seed in the default generator, and returns it. Without it, programs start from seed 0.
 *
 * Throws unless the seed is a whole number from -(2^53 - 1) to 2^53 - 1.
 */
export function manualSeed(seed: number): Generator {
  return generator.manualSeed(seed);
}

/** Runs a function with the default generator in a given state; after it the generator goes on as before. */
export function drawingFrom<T>(state: GeneratorState, run: () => T): T {
  const before = generator.state;
  generator.setState(state);
  try {
    return run();
  } finally {
    generator.setState(before);
  }
}
