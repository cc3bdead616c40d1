import { defaultGenerator, type GeneratorState, GradtapeError } from '@gradtape/autograd';
import type { BatchIndices, Sampler } from './samplers/sampler.ts';
import { generatorState } from './samplers/seeded-sampler.ts';
import { fieldsOf, type State } from './state.ts';

/** What an epoch's order is drawn from: the generator of functions that are given no other, and the sampler's own. */
interface Origin {
  readonly random: GeneratorState;
  readonly sampler: State;
}

/** How far a loop came. */
interface Progress {
  readonly origin: Origin;
  /** The batches that were given away. */
  readonly batches: number;
  /** Where the source of the samples stood behind them, if it says so. */
  readonly source: State;
}

/** A source of samples that says where it stands. */
interface ResumableSource {
  stateDict(): State;
  loadStateDict(state: State): void;
}

/** What a loader takes its batches from. */
export interface LoaderParts {
  readonly source: object;
  /** Null if the samples come one after the other. */
  readonly batchSampler: Sampler<BatchIndices> | null;
  readonly batchSize: number;
}

/** Where the last loop over a loader stands. */
export class LoaderPosition {
  readonly #parts: LoaderParts;
  /** The last loop, until it comes to its end. */
  #last: Progress | null = null;
  /** Whether the next loop goes on with the last. */
  #goesOn = false;
  #begun = false;

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  /** Begins a loop, or goes on with the one whose state was loaded. */
  begin(): Epoch {
    const { source } = this.#parts;
    if (this.#begun && 'next' in source) failOnSpentSource();
    const progress = this.#goesOn ? this.#last : null;
    this.#goesOn = false;
    this.#begun = true;
    const epoch = new Epoch(this.#parts, progress, () => {
      if (this.#last === epoch) this.#last = null;
    });
    this.#last = epoch;
    return epoch;
  }

  stateDict(): State {
    const { batchSampler, batchSize } = this.#parts;
    const last = this.#last;
    const epoch = last && { origin: savedOrigin(last.origin), batches: last.batches, source: last.source };
    return { batchSize, samples: this.#samples, sampler: batchSampler?.stateDict?.() ?? null, epoch };
  }

  loadStateDict(state: State): void {
    const { batchSampler, batchSize } = this.#parts;
    const saved = fieldsOf(state);
    if (saved.batchSize !== batchSize || saved.samples !== this.#samples)
      failOnState(state, this.#parts, this.#samples);
    const progress = readProgress(saved.epoch);
    const before = batchSampler?.stateDict?.();
    try {
      if (progress !== null) loadSampler(batchSampler, progress.origin.sampler);
      loadSampler(batchSampler, saved.sampler ?? null);
    } catch (error) {
      loadSampler(batchSampler, before ?? null);
      throw error;
    }
    this.#last = progress;
    this.#goesOn = progress !== null;
  }

  /** How many samples there are, where they can be counted. */
  get #samples(): number | null {
    const { source, batchSampler } = this.#parts;
    return batchSampler !== null && 'length' in source && typeof source.length === 'number' ? source.length : null;
  }
}

/** A loop over a loader. */
export class Epoch implements Progress {
  readonly origin: Origin;
  batches: number;
  source: State;
  readonly #parts: LoaderParts;
  readonly #resumed: boolean;
  readonly #end: () => void;
  #stopped = false;

  constructor(parts: LoaderParts, resumed: Progress | null, end: () => void) {
    this.#parts = parts;
    this.#resumed = resumed !== null;
    this.#end = end;
    this.origin = resumed?.origin ?? originNow(parts.batchSampler);
    this.batches = resumed?.batches ?? 0;
    this.source = resumed?.source ?? null;
  }

  /** One more batch is given away; the source of its samples stood there. */
  deliver(source: State): void {
    this.batches += 1;
    this.source = source;
  }

  /** There are no more batches. */
  end(): void {
    this.#end();
  }

  /** No more samples are wanted. */
  stop(): void {
    this.#stopped = true;
  }

  /** Where the source of the samples stands now; null if it does not say. */
  sourceState(): State {
    const { source } = this.#parts;
    return isResumable(source) ? source.stateDict() : null;
  }

  /** The indices of the batches that are left. */
  batchesLeft(sampler: Sampler<BatchIndices>): Iterable<BatchIndices> {
    return this.#resumed ? this.#drawnAgain(sampler, this.batches) : sampler;
  }

  /** The samples that are left of those that come one after the other. */
  samplesLeft<Sample>(source: Iterable<Sample>): Iterable<Sample> {
    if (!this.#resumed || this.#restored(source)) return source;
    return this.#drawnAgain(source, this.batches * this.#parts.batchSize);
  }

  async *samplesToCome<Sample>(source: AsyncIterable<Sample>): AsyncGenerator<Sample, void> {
    let given = !this.#resumed || this.#restored(source) ? 0 : this.batches * this.#parts.batchSize;
    for await (const sample of source) {
      if (this.#stopped) return;
      if (given > 0) given--;
      else yield sample;
    }
  }

  /** Puts a source that can go on by itself where it stood. */
  #restored(source: object): boolean {
    if (!isResumable(source)) return false;
    source.loadStateDict(this.source);
    return true;
  }

  /** What an epoch's order was, less what was given away of it. The generators stand afterwards where they stand now. */
  #drawnAgain<Item>(items: Iterable<Item>, given: number): Iterable<Item> {
    const { batchSampler } = this.#parts;
    const now = originNow(batchSampler);
    setOrigin(batchSampler, this.origin);
    try {
      const iterator = items[Symbol.iterator]();
      for (let i = 0; i < given; i++) iterator.next();
      return after(iterator, iterator.next());
    } finally {
      setOrigin(batchSampler, now);
    }
  }
}

/** A result, and all that follow it. */
function* after<Item>(iterator: Iterator<Item>, first: IteratorResult<Item>): Iterable<Item> {
  try {
    for (let result = first; !result.done; result = iterator.next()) yield result.value;
  } finally {
    iterator.return?.();
  }
}

function originNow(sampler: Sampler<BatchIndices> | null): Origin {
  return { random: defaultGenerator().state, sampler: sampler?.stateDict?.() ?? null };
}

function setOrigin(sampler: Sampler<BatchIndices> | null, { random, sampler: state }: Origin): void {
  defaultGenerator().setState(random);
  loadSampler(sampler, state);
}

function loadSampler(sampler: Sampler<BatchIndices> | null, state: State): void {
  if (state !== null) sampler?.loadStateDict?.(state);
}

function savedOrigin({ random: { seed, block }, sampler }: Origin): State {
  return { random: { seed, block }, sampler };
}

function isResumable(source: object): source is ResumableSource {
  return 'stateDict' in source && 'loadStateDict' in source;
}

function readProgress(epoch: State | undefined): Progress | null {
  if (epoch === null) return null;
  const { origin, batches, source = null } = fieldsOf(epoch);
  const { random = null, sampler = null } = fieldsOf(origin);
  if (typeof batches === 'number' && Number.isSafeInteger(batches) && batches >= 0) {
    return { origin: { random: generatorState('DataLoader', random), sampler }, batches, source };
  }
  throw new GradtapeError('DataLoader: not the state of a loader', {
    got: `${batches} batches of its epoch`,
    needs: 'a whole number from 0',
    fix: 'pass what stateDict gave, unchanged',
  });
}

function failOnState(state: State, { batchSize }: LoaderParts, samples: number | null): never {
  const show = (size: unknown, count: unknown): string =>
    `batchSize ${size}, ${count === null ? 'samples that come one after the other' : `${count} samples`}`;
  const saved = fieldsOf(state);
  throw new GradtapeError('DataLoader: the state is of another loader', {
    got: 'batchSize' in saved ? show(saved.batchSize, saved.samples) : `${JSON.stringify(state)}`,
    needs: show(batchSize, samples),
    fix: 'make the loader with the dataset and the options of the saved one',
  });
}

function failOnSpentSource(): never {
  throw new GradtapeError('DataLoader: its samples can be looped over only once', {
    got: 'another loop over an iterator, such as a generator function returns',
    needs: 'an object that gives a new iterator for each loop',
    fix: 'pass { [Symbol.iterator]: source } in place of source(), or [Symbol.asyncIterator]',
  });
}
