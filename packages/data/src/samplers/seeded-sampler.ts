import { defaultGenerator, type Generator, type GeneratorState, GradtapeError } from '@gradtape/autograd';
import { fieldsOf, type State } from '../state.ts';
import type { Sampler } from './sampler.ts';

export interface SeededOptions {
  /** Where random numbers come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** A sampler that draws an epoch's order, whole, when a loop begins. */
export abstract class SeededSampler<Item> implements Sampler<Item> {
  readonly #generator: Generator | undefined;

  constructor(generator: Generator | undefined) {
    this.#generator = generator;
  }

  protected get generator(): Generator {
    return this.#generator ?? defaultGenerator();
  }

  /** How many an epoch has. */
  abstract get length(): number;

  /** The order of an epoch. */
  protected abstract draw(): Iterable<Item>;

  [Symbol.iterator](): Iterator<Item> {
    return this.draw()[Symbol.iterator]();
  }

  /** Where the generator stands. */
  stateDict(): State {
    const { seed, block } = this.generator.state;
    return { seed, block };
  }

  /** @throws GradtapeError if it is not the state of a generator, changing nothing. */
  loadStateDict(state: State): void {
    this.generator.setState(generatorState(this.constructor.name, state));
  }
}

/** A state as a generator's. Throws if it has not its parts. */
export function generatorState(operation: string, state: State): GeneratorState {
  const { seed, block } = fieldsOf(state);
  if (typeof seed === 'number' && typeof block === 'number') return { seed, block };
  throw new GradtapeError(`${operation}: not the state of a generator`, {
    got: JSON.stringify(state),
    needs: 'seed and block, both numbers',
    fix: 'pass what stateDict gave, unchanged',
  });
}
