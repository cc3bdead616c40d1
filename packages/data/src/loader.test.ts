import { arange, full, Generator, manualSeed, type Tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ListDataset } from './list-dataset.ts';
import { DataLoader } from './loader.ts';
import type { DataLoaderOptions } from './loader-options.ts';
import { mapDataset } from './map-dataset.ts';
import { TensorDataset } from './tensor-dataset.ts';

function numbers(n: number): TensorDataset<[ReturnType<typeof arange>]> {
  return new TensorDataset(arange(0, n));
}

function epoch(loader: Iterable<[Tensor]>): number[][] {
  return [...loader].map(([x]) => x.toArray() as number[]);
}

const length = fc.integer({ min: 0, max: 60 });
const batchSize = fc.integer({ min: 1, max: 70 });

test('an epoch has every sample once, in batches of the size asked for, the last one shorter or left out', () => {
  fc.assert(
    fc.property(length, batchSize, fc.boolean(), fc.boolean(), (n, size, shuffle, dropLast) => {
      const loader = new DataLoader(numbers(n), { batchSize: size, shuffle, dropLast, generator: new Generator(n) });
      const batches = epoch(loader);
      const whole = Math.floor(n / size);
      const rest = dropLast ? 0 : n % size;
      const sizes = new Array<number>(whole).fill(size).concat(rest > 0 ? [rest] : []);
      expect(batches.map((batch) => batch.length)).toEqual(sizes);
      expect(loader.length).toBe(sizes.length);
      const seen = batches.flat();
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.every((i) => i >= 0 && i < n)).toBe(true);
      if (!shuffle) expect(seen).toEqual([...seen.keys()]);
    }),
  );
});

test('samples asked for one by one make the same batches as those gathered', () => {
  fc.assert(
    fc.property(length, batchSize, fc.integer(), (n, size, seed) => {
      const options = (): DataLoaderOptions<[ReturnType<typeof arange>], [ReturnType<typeof arange>]> => ({
        batchSize: size,
        shuffle: true,
        generator: new Generator(seed),
      });
      const slow = mapDataset(numbers(n), (sample) => sample);
      expect(epoch(new DataLoader(slow, options()))).toEqual(epoch(new DataLoader(numbers(n), options())));
    }),
  );
});

test('the same seed gives the same orders, and each epoch another one', () => {
  const epochs = (seed: number): number[][] => {
    const loader = new DataLoader(numbers(50), { batchSize: 7, shuffle: true, generator: new Generator(seed) });
    return [epoch(loader).flat(), epoch(loader).flat(), epoch(loader).flat()];
  };
  expect(epochs(1)).toEqual(epochs(1));
  expect(new Set([...epochs(1), ...epochs(2), [...arange(0, 50).toTypedArray()]].map(String)).size).toBe(7);
});

test('without a generator, manualSeed decides; without shuffle, no random number is drawn', () => {
  const shuffled = new DataLoader(numbers(50), { batchSize: 50, shuffle: true });
  manualSeed(3);
  const first = epoch(shuffled);
  manualSeed(3);
  epoch(new DataLoader(numbers(50)));
  expect(epoch(shuffled)).toEqual(first);
});

test('two loops at the same time do not disturb each other', () => {
  const loader = new DataLoader(numbers(4), { batchSize: 2 });
  const pairs = [...loader].flatMap(([x]) => [...loader].map(([y]) => [x.toArray(), y.toArray()]));
  expect(pairs).toHaveLength(4);
  expect(pairs[1]).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test('a collate function is given the samples of each batch', () => {
  const loader = new DataLoader(numbers(5), { batchSize: 2, collate: (samples) => samples.map(([x]) => x.item()) });
  expect([...loader]).toEqual([[0, 1], [2, 3], [4]]);
});

test('a sampler decides which samples come in which order, a batch sampler what goes together', () => {
  expect(epoch(new DataLoader(numbers(9), { sampler: [8, 0, 8], batchSize: 2 }))).toEqual([[8, 0], [8]]);
  expect(epoch(new DataLoader(numbers(9), { sampler: [8, 0, 8], batchSize: 2, dropLast: true }))).toEqual([[8, 0]]);
  const batchSampler = [[1, 2, 3], [], Int32Array.of(4)];
  const loader = new DataLoader(numbers(9), { batchSampler, collate: (samples) => samples.map(([x]) => x.item()) });
  expect([...loader]).toEqual([[1, 2, 3], [], [4]]);
  expect(loader.length).toBe(3);
});

test('samples that come one after the other are joined in batches', () => {
  fc.assert(
    fc.property(length, batchSize, fc.boolean(), (n, size, dropLast) => {
      const source = {
        *[Symbol.iterator]() {
          for (let i = 0; i < n; i++) yield [full([], i)] as [Tensor];
        },
      };
      const expected = epoch(new DataLoader(numbers(n), { batchSize: size, dropLast }));
      expect(epoch(new DataLoader(source, { batchSize: size, dropLast }))).toEqual(expected);
      const counted = Object.assign(source, { length: n });
      expect(new DataLoader(counted, { batchSize: size, dropLast }).length).toBe(expected.length);
    }),
  );
});

test('options that do not go together are told', () => {
  for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new DataLoader(numbers(5), { batchSize: size })).toThrow('DataLoader: batchSize is no count');
  }
  expect(() => new DataLoader(numbers(5), { batchSize: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: batchSize is no count
      got:   batchSize = 0
      needs: a whole number from 1
      fix:   pass dataset.length for all samples in one batch]
  `);
  expect(() => new DataLoader(numbers(5), { prefetch: -1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: prefetch is no count
      got:   prefetch = -1
      needs: a whole number from 0
      fix:   two or three batches on the way are usually enough]
  `);
  expect(() => new DataLoader(numbers(5), { sampler: [1], shuffle: true })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: the order is decided twice
      got:   sampler with shuffle: true
      needs: one of the two
      fix:   leave out shuffle; of some of the samples, a random order is new SubsetRandomSampler(indices)]
  `);
  const generator = new Generator(1);
  expect(() => new DataLoader(numbers(5), { sampler: [1], generator })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: generator would not be used
      got:   generator with a sampler of your own
      needs: generator with shuffle only
      fix:   give it to the sampler: new RandomSampler(dataset, { generator })]
  `);
  const all = { batchSize: 2, shuffle: true, sampler: [1], dropLast: true };
  expect(() => new DataLoader(numbers(5), { batchSampler: [[1]], ...all })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: batchSampler decides alone what goes into each batch
      got:   batchSampler with batchSize and shuffle and sampler and dropLast
      needs: batchSampler without batchSize, shuffle, sampler and dropLast
      fix:   give them to the batch sampler: new BatchSampler(sampler, { batchSize, dropLast })]
  `);
  const source = new Set([[full([], 1)] as [Tensor]]);
  expect(() => new DataLoader(source, { shuffle: true })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: samples that come one after the other have their own order
      got:   shuffle for a source without get(index)
      needs: a dataset with length and get(index), or none of these options
      fix:   collect the samples, if they fit into memory: new ListDataset([...source])]
  `);
  expect(() => new DataLoader(source, { sampler: [0] })).toThrow('sampler for a source');
  expect(() => new DataLoader(source, { batchSampler: [[0]] })).toThrow('batchSampler for a source');
  const generatorFunction = (() => source) as unknown as typeof source;
  expect(() => new DataLoader(generatorFunction)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: there are no samples to be had
      got:   a function that has no get(index) and cannot be iterated
      needs: a dataset with length and get(index), or something that for … of or for await … of can loop over
      fix:   make tensors a TensorDataset, an array a ListDataset; call a generator function: source()]
  `);
});

test('what can only be told in a loop is told there', () => {
  const loop = (loader: Iterable<unknown>) => (): unknown[] => [...loader];
  expect(loop(new DataLoader(numbers(5), { prefetch: 1 }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: its batches must be waited for
      got:   for … of, and prefetch = 1
      needs: for await … of
      fix:   write for await (const batch of loader); leave out prefetch where all samples are in memory]
  `);
  const coming = new ListDataset([Promise.resolve(1)]);
  expect(loop(new DataLoader(coming))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: its batches must be waited for
      got:   for … of, and samples that are promises
      needs: for await … of
      fix:   write for await (const batch of loader); leave out prefetch where all samples are in memory]
  `);
  async function* stream(): AsyncGenerator<number> {}
  expect(loop(new DataLoader(stream()))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: its batches must be waited for
      got:   for … of, and samples of an asynchronous iterable
      needs: for await … of
      fix:   write for await (const batch of loader); leave out prefetch where all samples are in memory]
  `);
  expect(loop(new DataLoader(numbers(5), { sampler: [5] }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: there is no such sample
      got:   index 5 of 5 samples
      needs: a whole number from 0 to 4
      fix:   count from 0 to dataset.length - 1]
  `);
  const spent = new DataLoader([1, 2].values());
  expect([...spent]).toHaveLength(2);
  expect(loop(spent)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: its samples can be looped over only once
      got:   another loop over an iterator, such as a generator function returns
      needs: an object that gives a new iterator for each loop
      fix:   pass { [Symbol.iterator]: source } in place of source(), or [Symbol.asyncIterator]]
  `);
  expect(() => spent.length).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: nobody knows how many batches there will be
      got:   samples that come one after the other, without length
      needs: a source with length, the number of its samples
      fix:   count the batches while looping over them, or give it a length]
  `);
  const endless = {
    *[Symbol.iterator]() {
      yield 1;
    },
  };
  expect(() => new DataLoader(numbers(5), { sampler: endless }).length).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: nobody knows how many batches there will be
      got:   a sampler without length
      needs: a sampler with length
      fix:   count the batches while looping over them, or give it a length]
  `);
});
