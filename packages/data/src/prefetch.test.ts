import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ListDataset } from './list-dataset.ts';
import { DataLoader } from './loader.ts';
import type { SampleSource } from './loader-options.ts';
import { Subset } from './subset.ts';

/** Promises that the test keeps, in any order. */
class Delayed {
  readonly asked: number[] = [];
  readonly #keep: (() => void)[] = [];

  get = (index: number): Promise<string> => {
    this.asked.push(index);
    return new Promise((resolve) => this.#keep.push(() => resolve(`${index}`)));
  };

  /** Keeps all promises given so far, the last first. */
  keepAll(): void {
    while (this.#keep.length > 0) this.#keep.pop()?.();
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('so many batches are on the way while one is being used, and no more', async () => {
  for (const prefetch of [0, 1, 3]) {
    const delayed = new Delayed();
    const loader = new DataLoader({ length: 20, get: delayed.get }, { batchSize: 2, prefetch });
    const batches = loader[Symbol.asyncIterator]();
    for (let used = 1; used <= 3; used++) {
      const next = batches.next();
      await settled();
      expect(delayed.asked).toHaveLength(2 * (used + prefetch));
      delayed.keepAll();
      expect(await next).toEqual({ done: false, value: [`${2 * used - 2}`, `${2 * used - 1}`] });
    }
    await batches.return?.();
    await settled();
    expect(delayed.asked).toHaveLength(2 * (3 + prefetch));
  }
});

test('batches come in order and complete, whatever is ready first, from every kind of source', async () => {
  const property = fc.asyncProperty(
    fc.nat(20),
    fc.integer({ min: 1, max: 5 }),
    fc.nat(4),
    async (n, batchSize, prefetch) => {
      const names = Array.from({ length: n }, (_, i) => `${i}`);
      const late = async (i: number): Promise<string> => {
        for (let turn = (7 * i) % 5; turn > 0; turn--) await undefined;
        return `${i}`;
      };
      const stream = {
        async *[Symbol.asyncIterator]() {
          for (let i = 0; i < n; i++) yield await late(i);
        },
      };
      const expected = [...new DataLoader(new ListDataset(names), { batchSize })];
      const sources: SampleSource<string | Promise<string>>[] = [
        { length: n, get: late },
        new Subset({ length: n, get: late }, names.keys()),
        stream,
        names,
        new ListDataset(names),
        { length: n, get: (i: number) => (i % 2 === 0 ? late(i) : `${i}`) },
      ];
      for (const source of sources) {
        const loader = new DataLoader(source, { batchSize, prefetch, collate: (samples) => samples });
        expect(await collect(loader)).toEqual(expected);
      }
    },
  );
  await fc.assert(property, { numRuns: 40 });
});

test('an error comes in its turn, and ends the loop', async () => {
  const get = async (i: number): Promise<string> => {
    if (i === 2) throw new Error('sample 2');
    return `${i}`;
  };
  const seen: string[][] = [];
  const loop = async (): Promise<void> => {
    for await (const batch of new DataLoader({ length: 9, get }, { prefetch: 4 })) seen.push(batch);
  };
  await expect(loop).rejects.toThrow('sample 2');
  expect(seen).toEqual([['0'], ['1']]);
});

test('leaving the loop stops the source, whose own clean-up has run by then', async () => {
  let [given, cleaned] = [0, false];
  async function* stream(): AsyncGenerator<string> {
    try {
      while (true) yield `${given++}`;
    } finally {
      cleaned = true;
    }
  }
  for await (const batch of new DataLoader(stream(), { batchSize: 10, prefetch: 3 })) {
    expect(batch[0]).toBe('0');
    break;
  }
  expect(cleaned).toBe(true);
  expect(given).toBeLessThanOrEqual(41);
});
