import { type Generator, GradtapeError } from '@gradtape/autograd';
import { checkCount } from './check-count.ts';
import type { Dataset } from './dataset.ts';
import { BatchSampler, checkBatchSize } from './samplers/batch-sampler.ts';
import { RandomSampler } from './samplers/random-sampler.ts';
import type { BatchIndices, Sampler } from './samplers/sampler.ts';
import { SequentialSampler } from './samplers/sequential-sampler.ts';

/** Where a `DataLoader` takes samples from: asked for by their index, or one after the other. */
export type SampleSource<Sample> = Dataset<Sample> | Iterable<Sample> | AsyncIterable<Sample>;

export interface DataLoaderOptions<Sample, Batch> {
  /** Samples of a batch. Default: 1. */
  readonly batchSize?: number;
  /** Whether each epoch takes the samples in a new random order. Default: false, the dataset's own order. */
  readonly shuffle?: boolean;
  /** Which samples an epoch takes, in which order. Not with `shuffle`. Default: every sample once. */
  readonly sampler?: Sampler;
  /** Which samples go into each batch. Not with `batchSize`, `shuffle`, `sampler` or `dropLast`. */
  readonly batchSampler?: Sampler<BatchIndices>;
  /** Whether a last batch of fewer samples is left out. Default: false. */
  readonly dropLast?: boolean;
  /** Where `shuffle` draws its orders from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
  /** Joins the samples of a batch. Default: `collate`. */
  readonly collate?: (samples: Awaited<Sample>[]) => Batch;
  /** Of `for await`: how many batches are on the way while one is being used. Default: 0. */
  readonly prefetch?: number;
}

export function isDataset<Sample>(source: SampleSource<Sample>): source is Dataset<Sample> {
  return 'get' in source && typeof source.get === 'function';
}

/** Throws for options that are out of range, or do not go together. */
export function checkOptions(source: object, options: DataLoaderOptions<never, unknown>): void {
  const { batchSize = 1, prefetch = 0 } = options;
  checkSource(source);
  checkBatchSize('DataLoader', batchSize);
  checkCount('DataLoader', 'prefetch', prefetch, 0, 'two or three batches on the way are usually enough');
  const { shuffle = false, sampler, batchSampler, dropLast = false, generator } = options;
  const given = [
    ...(batchSize === 1 ? [] : ['batchSize']),
    ...(shuffle ? ['shuffle'] : []),
    ...(sampler === undefined ? [] : ['sampler']),
    ...(dropLast ? ['dropLast'] : []),
  ];
  if (!('get' in source)) {
    const orders = [...given, ...(batchSampler === undefined ? [] : ['batchSampler'])].filter(
      (name) => name !== 'batchSize' && name !== 'dropLast',
    );
    if (orders.length > 0) failOnIterable(orders);
  }
  if (batchSampler !== undefined && given.length > 0) failOnBatchSampler(given);
  if (sampler !== undefined && shuffle) failOnShuffledSampler();
  if (generator !== undefined && (sampler ?? batchSampler) !== undefined) failOnGenerator();
}

/** The indices of an epoch's batches, as the options say. */
export function batchSamplerOf(
  dataset: { readonly length: number },
  options: DataLoaderOptions<never, unknown>,
): Sampler<BatchIndices> {
  const { batchSize = 1, shuffle = false, dropLast = false, generator } = options;
  if (options.batchSampler !== undefined) return options.batchSampler;
  const inOrder = shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset);
  return new BatchSampler(options.sampler ?? inOrder, { batchSize, dropLast });
}

function checkSource(source: object): void {
  if (typeof source === 'object' && source !== null) {
    if ('get' in source || Symbol.iterator in source || Symbol.asyncIterator in source) return;
  }
  throw new GradtapeError('DataLoader: there are no samples to be had', {
    got: source === null ? 'null' : `a ${typeof source} that has no get(index) and cannot be iterated`,
    needs: 'a dataset with length and get(index), or something that for … of or for await … of can loop over',
    fix: 'make tensors a TensorDataset, an array a ListDataset; call a generator function: source()',
  });
}

function failOnIterable(orders: readonly string[]): never {
  throw new GradtapeError('DataLoader: samples that come one after the other have their own order', {
    got: `${orders.join(' and ')} for a source without get(index)`,
    needs: 'a dataset with length and get(index), or none of these options',
    fix: 'collect the samples, if they fit into memory: new ListDataset([...source])',
  });
}

function failOnBatchSampler(given: readonly string[]): never {
  throw new GradtapeError('DataLoader: batchSampler decides alone what goes into each batch', {
    got: `batchSampler with ${given.join(' and ')}`,
    needs: 'batchSampler without batchSize, shuffle, sampler and dropLast',
    fix: 'give them to the batch sampler: new BatchSampler(sampler, { batchSize, dropLast })',
  });
}

function failOnShuffledSampler(): never {
  throw new GradtapeError('DataLoader: the order is decided twice', {
    got: 'sampler with shuffle: true',
    needs: 'one of the two',
    fix: 'leave out shuffle; of some of the samples, a random order is new SubsetRandomSampler(indices)',
  });
}

function failOnGenerator(): never {
  throw new GradtapeError('DataLoader: generator would not be used', {
    got: 'generator with a sampler of your own',
    needs: 'generator with shuffle only',
    fix: 'give it to the sampler: new RandomSampler(dataset, { generator })',
  });
}
