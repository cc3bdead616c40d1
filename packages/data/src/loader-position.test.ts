import { arange, defaultGenerator, Generator, manualSeed, randperm, type Tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dataset } from './dataset.ts';
import { DataLoader } from './loader.ts';
import type { DataLoaderOptions } from './loader-options.ts';
import { BatchSampler } from './samplers/batch-sampler.ts';
import { BucketBatchSampler } from './samplers/bucket-batch-sampler.ts';
import { CurriculumSampler } from './samplers/curriculum-sampler.ts';
import { RandomSampler } from './samplers/random-sampler.ts';
import { StratifiedBatchSampler } from './samplers/stratified-batch-sampler.ts';
import { SubsetRandomSampler } from './samplers/subset-random-sampler.ts';
import { WeightedRandomSampler } from './samplers/weighted-random-sampler.ts';
import type { State } from './state.ts';
import { TensorDataset } from './tensor-dataset.ts';

const samples = 17;
const dataset = new TensorDataset(arange(0, samples));
type Options = DataLoaderOptions<[Tensor], [Tensor]>;

const pace = (epoch: number): number => 0.3 + 0.2 * epoch;
const lengths = Array.from({ length: samples }, (_, i) => (5 * i) % 7);
/** A sampler that somebody wrote who knows of no states. */
const handmade = { [Symbol.iterator]: () => (randperm(samples).toArray() as number[]).values() };

/** Loaders of every kind; without a generator they share the one that `manualSeed` seeds. */
const kinds: Readonly<Record<string, (generator?: Generator) => Options>> = {
  'in order': () => ({ batchSize: 3 }),
  shuffled: (generator) => ({ batchSize: 3, shuffle: true, dropLast: true, generator }),
  replacement: (generator) => ({ batchSize: 4, sampler: new RandomSampler(dataset, { replacement: true, generator }) }),
  'some at random': (generator) => ({ batchSize: 2, sampler: new SubsetRandomSampler([9, 4, 5, 1], { generator }) }),
  weighted: (generator) => ({ batchSize: 5, sampler: new WeightedRandomSampler(lengths, 21, { generator }) }),
  stratified: (generator) => ({ batchSampler: new StratifiedBatchSampler(lengths, { batchSize: 4, generator }) }),
  buckets: (generator) => ({
    batchSampler: new BucketBatchSampler(lengths, { batchSize: 2, bucketBatches: 3, generator }),
  }),
  curriculum: (generator) => ({
    batchSampler: new BatchSampler(
      new CurriculumSampler(dataset, { difficulty: ([x]) => -x.item(), pace, generator }),
      {
        batchSize: 3,
      },
    ),
  }),
  handmade: () => ({ batchSize: 3, sampler: handmade }),
};

/** So many batches, over as many epochs as it takes; between them, something else draws from the default generator. */
function take(loader: DataLoader<[Tensor], [Tensor]>, count: number): unknown[] {
  const taken: unknown[] = [];
  while (taken.length < count) {
    for (const [x] of loader) {
      taken.push(x.toArray());
      taken.push(defaultGenerator().uniform(new Float32Array(3)).join());
      if (taken.length >= count) break;
    }
  }
  return taken;
}

const jsonOf = (state: State): State => JSON.parse(JSON.stringify(state)) as State;

test.each(Object.entries(kinds))(
  'a loader (%s) goes on in the middle of an epoch, with the same batches',
  (_, options) => {
    const own = fc.option(fc.nat(), { nil: undefined });
    fc.assert(
      fc.property(fc.nat(), own, fc.nat(24), fc.nat(24), (seed, ownSeed, before, after) => {
        const make = (s: number | undefined): DataLoader<[Tensor], [Tensor]> =>
          new DataLoader(dataset, options(s === undefined ? undefined : new Generator(s)));
        manualSeed(seed);
        const expected = take(make(ownSeed), 2 * (before + after)).slice(2 * before);

        manualSeed(seed);
        const interrupted = make(ownSeed);
        take(interrupted, 2 * before);
        const [state, random] = [jsonOf(interrupted.stateDict()), defaultGenerator().state];

        manualSeed(seed + 1);
        const resumed = make(ownSeed === undefined ? undefined : ownSeed + 1);
        defaultGenerator().setState(random);
        resumed.loadStateDict(state);
        expect(resumed.stateDict()).toEqual(state);
        expect(take(resumed, 2 * after)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  },
);

/** Counts, and says where it stands. */
class Counter {
  #next = 0;

  *[Symbol.iterator](): Iterator<number> {
    while (this.#next < 20) yield this.#next++;
    this.#next = 0;
  }

  stateDict(): State {
    return this.#next;
  }

  loadStateDict(state: State): void {
    this.#next = state as number;
  }
}

const shuffledNumbers = { [Symbol.iterator]: () => (randperm(20).toArray() as number[]).values() };
const stream = {
  async *[Symbol.asyncIterator]() {
    yield* Array(20).keys();
  },
};

async function takeAsync(loader: AsyncIterable<number[]>, count: number): Promise<number[][]> {
  const taken: number[][] = [];
  while (taken.length < count) {
    for await (const batch of loader) {
      taken.push(batch);
      if (taken.length === count) break;
    }
  }
  return taken;
}

test.each([
  ['that can be looped over again', () => shuffledNumbers],
  ['that says where it stands', () => new Counter()],
  ['that must be waited for', () => stream],
  ['asked for by index, and waited for', () => ({ length: 20, get: async (i: number) => i })],
])('a loader of a source %s goes on in the middle of an epoch, prefetching or not', async (_, source) => {
  for (const prefetch of [0, 3]) {
    const make = (): DataLoader<number, number[]> =>
      new DataLoader<number, number[]>(source() as unknown as Dataset<number>, {
        batchSize: 3,
        prefetch,
        collate: (x) => x,
      });
    manualSeed(5);
    const expected = await takeAsync(make(), 15);
    manualSeed(5);
    const interrupted = make();
    expect(await takeAsync(interrupted, 4)).toEqual(expected.slice(0, 4));
    const resumed = make();
    resumed.loadStateDict(jsonOf(interrupted.stateDict()));
    expect(await takeAsync(resumed, 11)).toEqual(expected.slice(4));
  }
});

test('after a loop that came to its end, or a new one after a break, the next epoch is whole', () => {
  const loader = new DataLoader(dataset, { batchSize: 4 });
  for (const _ of loader) break;
  expect([...loader]).toHaveLength(5);
  const next = new DataLoader(dataset, { batchSize: 4 });
  next.loadStateDict(loader.stateDict());
  expect([...next]).toHaveLength(5);
});

test('a state of another loader, or no state, is told, and changes nothing', () => {
  const generator = new Generator(3);
  const loader = new DataLoader(dataset, { batchSize: 2, shuffle: true, generator });
  for (const _ of loader) break;
  const state = loader.stateDict() as Record<string, State>;
  const load = (changes: Record<string, State>) => (): void => loader.loadStateDict({ ...state, ...changes });
  expect(load({ batchSize: 3 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: the state is of another loader
      got:   batchSize 3, 17 samples
      needs: batchSize 2, 17 samples
      fix:   make the loader with the dataset and the options of the saved one]
  `);
  expect(load({ samples: null })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: the state is of another loader
      got:   batchSize 2, samples that come one after the other
      needs: batchSize 2, 17 samples
      fix:   make the loader with the dataset and the options of the saved one]
  `);
  expect(() => loader.loadStateDict(null)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: the state is of another loader
      got:   null
      needs: batchSize 2, 17 samples
      fix:   make the loader with the dataset and the options of the saved one]
  `);
  expect(load({ epoch: { batches: -1 } })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: not the state of a loader
      got:   -1 batches of its epoch
      needs: a whole number from 0
      fix:   pass what stateDict gave, unchanged]
  `);
  expect(load({ epoch: { batches: 1 } })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: not the state of a generator
      got:   null
      needs: seed and block, both numbers
      fix:   pass what stateDict gave, unchanged]
  `);
  expect(load({ sampler: 'none' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: RandomSampler: not the state of a generator
      got:   "none"
      needs: seed and block, both numbers
      fix:   pass what stateDict gave, unchanged]
  `);
  expect(load({ sampler: { seed: 1, block: 0.5 } })).toThrow('not the state of a generator');
  expect(loader.stateDict()).toEqual(state);
});
