import { arange, Generator, manualSeed } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataLoader, type DataLoaderOptions } from './loader.ts';
import { mapDataset } from './map-dataset.ts';
import { TensorDataset } from './tensor-dataset.ts';

function numbers(n: number): TensorDataset<[ReturnType<typeof arange>]> {
  return new TensorDataset(arange(0, n));
}

function epoch<Sample>(loader: DataLoader<Sample, [ReturnType<typeof arange>]>): number[][] {
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

test('a batch size that is none is told', () => {
  for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => new DataLoader(numbers(5), { batchSize: size })).toThrow('DataLoader: not a batch size');
  }
  expect(() => new DataLoader(numbers(5), { batchSize: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: DataLoader: not a batch size
      got:   0
      needs: a whole number from 1
      fix:   pass dataset.length for all samples in one batch]
  `);
});
