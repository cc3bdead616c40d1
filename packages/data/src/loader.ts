import { GradtapeError } from '@gradtape/autograd';
import { type Collated, collate } from './collate.ts';
import { checkIndex, type Dataset } from './dataset.ts';
import {
  batchSamplerOf,
  checkOptions,
  type DataLoaderOptions,
  isDataset,
  type SampleSource,
} from './loader-options.ts';
import { type Epoch, LoaderPosition } from './loader-position.ts';
import { type Producer, prefetched } from './prefetch.ts';
import { isPromise, joinSamples, readBatch } from './read-batch.ts';
import { countBatches } from './samplers/batch-sampler.ts';
import type { BatchIndices, Sampler } from './samplers/sampler.ts';
import type { State } from './state.ts';

/** A batch, or what will be one; of a source that can be resumed, with its state behind the batch's samples. */
interface Piece<Batch> {
  readonly batch: Batch;
  readonly source: State;
}

/**
 * The batches of a dataset, or of samples that come one after the other. Each loop over it is an epoch: every sample once
 * (but for what `dropLast` leaves out), unless a sampler says otherwise. With `shuffle` a loop begins by drawing its order,
 * so that the same seed gives the same batches.
 *
 * `for await` takes any source, and fetches `prefetch` batches ahead; samples that are promises, or come from an
 * asynchronous iterable, need it. `stateDict` says where the last loop stands: a loader that is given it goes on with the
 * next batch, and with the same epochs after it, as long as samplers draw an epoch's order when it begins. (What samples
 * themselves draw at random when they are asked for is only the same without `prefetch`, which asks early.)
 *
 * @example
 * const dataset = new TensorDataset(tensor([[1], [2], [3]]), tensor([0, 1, 0], { dtype: 'int32' }));
 * for (const [x, y] of new DataLoader(dataset, { batchSize: 2, shuffle: true })) {
 *   // x: [2, 1], then [1, 1]; y: [2], then [1]
 * }
 */
export class DataLoader<
  Sample,
  Batch = Awaited<Collated<Sample>>,
  Source extends SampleSource<Sample> = Dataset<Sample>,
> implements Iterable<Batch>, AsyncIterable<Batch>
{
  readonly dataset: Source;
  readonly batchSize: number;
  readonly prefetch: number;
  /** Which samples go into each batch; null if the samples come one after the other. */
  readonly batchSampler: Sampler<BatchIndices> | null;
  readonly #dropLast: boolean;
  readonly #collate: ((samples: Awaited<Sample>[]) => Batch) | undefined;
  readonly #position: LoaderPosition;

  /** @throws GradtapeError if there is no source of samples, or an option is out of range or does not go with another. */
  constructor(dataset: Source & SampleSource<Sample>, options: DataLoaderOptions<Sample, Batch> = {}) {
    checkOptions(dataset, options);
    this.dataset = dataset;
    this.batchSize = options.batchSize ?? 1;
    this.prefetch = options.prefetch ?? 0;
    this.batchSampler = isDataset(dataset) ? batchSamplerOf(dataset, options) : null;
    this.#dropLast = options.dropLast ?? false;
    this.#collate = options.collate;
    this.#position = new LoaderPosition({
      source: dataset,
      batchSampler: this.batchSampler,
      batchSize: this.batchSize,
    });
  }

  /**
   * The number of batches of an epoch.
   *
   * @throws GradtapeError if nobody knows: the samples come one after the other, or the sampler has no length.
   */
  get length(): number {
    const samples = 'length' in this.dataset && this.batchSampler === null ? this.dataset.length : undefined;
    const known =
      typeof samples === 'number'
        ? countBatches(samples, { batchSize: this.batchSize, dropLast: this.#dropLast })
        : this.batchSampler?.length;
    return known === undefined || Number.isNaN(known) ? failOnLength(this.batchSampler !== null) : known;
  }

  /** @throws GradtapeError if the batches must be waited for, or are to be fetched ahead. */
  *[Symbol.iterator](): Iterator<Batch> {
    if (this.prefetch > 0) failOnLoop(`prefetch = ${this.prefetch}`);
    if (!(Symbol.iterator in this.dataset) && !isDataset(this.dataset))
      failOnLoop('samples of an asynchronous iterable');
    const epoch = this.#position.begin();
    for (const { batch, source } of this.#pieces(epoch)) {
      if (isPromise(batch)) failOnLoop('samples that are promises');
      epoch.deliver(source);
      yield batch as Batch;
    }
    epoch.end();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Batch> {
    const epoch = this.#position.begin();
    for await (const { batch, source } of prefetched(this.#producer(epoch), this.prefetch)) {
      epoch.deliver(source);
      yield batch;
    }
    epoch.end();
  }

  /** Where the last loop stands, and what decides the epochs after it. */
  stateDict(): State {
    return this.#position.stateDict();
  }

  /**
   * Goes on where the loader stood that gave this state: the next loop takes the batches that were left of its epoch.
   *
   * @throws GradtapeError if it is the state of another loader, changing nothing.
   */
  loadStateDict(state: State): void {
    this.#position.loadStateDict(state);
  }

  /** The batches that are left of an epoch, each as it is asked for. */
  *#pieces(epoch: Epoch): Generator<Piece<Batch | Promise<Batch>>, void> {
    const { dataset, batchSampler } = this;
    if (isDataset(dataset) && batchSampler !== null) {
      for (const indices of epoch.batchesLeft(batchSampler)) {
        yield { batch: this.#read(dataset, indices), source: null };
      }
      return;
    }
    let samples: Sample[] = [];
    for (const sample of epoch.samplesLeft(dataset as Iterable<Sample>)) {
      samples.push(sample);
      if (samples.length < this.batchSize) continue;
      yield { batch: this.#join(samples), source: epoch.sourceState() };
      samples = [];
    }
    if (samples.length > 0 && !this.#dropLast) yield { batch: this.#join(samples), source: epoch.sourceState() };
  }

  async *#asyncPieces(epoch: Epoch, dataset: AsyncIterable<Sample>): AsyncGenerator<Piece<Batch>, void> {
    let samples: Sample[] = [];
    for await (const sample of epoch.samplesToCome(dataset)) {
      samples.push(sample);
      if (samples.length < this.batchSize) continue;
      yield { batch: await this.#join(samples), source: epoch.sourceState() };
      samples = [];
    }
    if (samples.length > 0 && !this.#dropLast) yield { batch: await this.#join(samples), source: epoch.sourceState() };
  }

  #producer(epoch: Epoch): Producer<Piece<Batch>> {
    if (Symbol.asyncIterator in this.dataset) {
      const pieces = this.#asyncPieces(epoch, this.dataset);
      return {
        next: () => pieces.next(),
        stop: async () => {
          epoch.stop();
          await pieces.return();
        },
      };
    }
    const pieces = this.#pieces(epoch);
    return {
      next: async () => {
        const { done, value } = pieces.next();
        if (done) return { done, value };
        return { done: false, value: { batch: await value.batch, source: value.source } };
      },
      stop: async () => void pieces.return(),
    };
  }

  #read(dataset: Dataset<Sample>, given: BatchIndices): Batch | Promise<Batch> {
    for (const index of given) checkIndex('DataLoader', index, dataset.length);
    const indices = Int32Array.from(given);
    if (this.#collate === undefined) return readBatch(dataset, indices) as Batch;
    return this.#join(Array.from(indices, (index) => dataset.get(index)));
  }

  /** Without a function of its own, `Batch` is its default: what `collate` gives. */
  #join(samples: readonly Sample[]): Batch | Promise<Batch> {
    return joinSamples(samples, this.#collate ?? ((ready) => collate(ready) as Batch));
  }
}

function failOnLoop(what: string): never {
  throw new GradtapeError('DataLoader: its batches must be waited for', {
    got: `for … of, and ${what}`,
    needs: 'for await … of',
    fix: 'write for await (const batch of loader); leave out prefetch where all samples are in memory',
  });
}

function failOnLength(ofSampler: boolean): never {
  throw new GradtapeError('DataLoader: nobody knows how many batches there will be', {
    got: ofSampler ? 'a sampler without length' : 'samples that come one after the other, without length',
    needs: ofSampler ? 'a sampler with length' : 'a source with length, the number of its samples',
    fix: 'count the batches while looping over them, or give it a length',
  });
}
