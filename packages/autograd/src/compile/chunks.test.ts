import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kernel } from '../kernels/kernel.ts';
import { type Chunk, chunksOf } from './chunks.ts';

function kernel(units: number, cost: number, grain?: number, start?: number): Kernel {
  return { name: 'kernel', elementType: 'float32', units, cost, grain, start, write: () => () => {} };
}

function chunksFor(kernel: Kernel, threads: number, vectorBytes = 16): readonly Chunk[] {
  return chunksOf(kernel, { threads, leastChunk: 20_000, vectorBytes });
}

test('chunks follow one another from the first unit to the last, begin at grains, and grow or are as large as each other', () => {
  const size = fc.integer({ min: 1, max: 500 });
  fc.assert(
    fc.property(size, size, size, fc.integer({ min: 1, max: 9 }), (units, cost, grain, threads) => {
      const chunks = chunksFor(kernel(units, 1000 * cost, grain), threads);
      expect(chunks.length).toBeLessThanOrEqual(threads > 1 ? 8 * threads : 1);
      expect(chunks[0][0]).toBe(0);
      expect(chunks.at(-1)?.[1]).toBe(units);
      chunks.forEach(([from, to], i) => {
        expect(from % grain).toBe(0);
        expect(from).toBeLessThan(to);
        if (i > 0) expect(from).toBe(chunks[i - 1][1]);
      });
      const grains = chunks.map(([from, to]) => Math.ceil((to - from) / grain));
      for (const [i, count] of grains.entries()) expect(count).toBeLessThanOrEqual((grains[i + 1] ?? count) + 1);
      const fairShare = Math.ceil(grains.reduce((sum, count) => sum + count) / threads);
      if (chunks.length >= threads) expect(Math.max(...grains)).toBeLessThanOrEqual(fairShare + 1);
    }),
  );
});

test('what takes less than two chunks is not shared', () => {
  expect(chunksFor(kernel(100, 399), 4)).toEqual([[0, 100]]);
  expect(chunksFor(kernel(100, 401), 4)).toEqual([
    [0, 50],
    [50, 100],
  ]);
  expect(chunksFor(kernel(1, 1e9), 4)).toEqual([[0, 1]]);
  expect(chunksFor(kernel(0, 1e9), 4)).toEqual([[0, 0]]);
});

test('each thread has as many chunks as another, eight if they are not too small', () => {
  expect(chunksFor(kernel(100, 1e6), 4).length).toBe(32);
  expect(chunksFor(kernel(100, 2401), 4).length).toBe(12);
  expect(chunksFor(kernel(100, 2399), 4).length).toBe(8);
  expect(chunksFor(kernel(100, 801), 4).length).toBe(4);
  expect(chunksFor(kernel(100, 799), 4).length).toBe(3);
  expect(chunksFor(kernel(100, 1e6), 1).length).toBe(1);
});

test('of several chunks for each thread the last is the largest, of one all are alike', () => {
  const sizesOf = (cost: number): number[] => chunksFor(kernel(1000, cost), 2).map(([from, to]) => to - from);
  expect(sizesOf(50)).toEqual([500, 500]);
  expect(sizesOf(90)).toEqual([100, 200, 300, 400]);
});

test('the longer what is done for each chunk takes, the fewer there are, but one for each thread', () => {
  const countOf = (start: number): number => chunksFor(kernel(100, 1e4, 1, start), 2).length;
  expect([0, 1e3, 1e4, 3e4, 1e5, 1e9].map(countOf)).toEqual([16, 16, 10, 6, 4, 2]);
});

test('with longer vectors the same work takes less time', () => {
  expect(chunksFor(kernel(100, 1200), 2, 16).length).toBe(6);
  expect(chunksFor(kernel(100, 1200), 2, 32).length).toBe(2);
  expect(chunksFor(kernel(100, 1200), 2, 64)).toEqual([[0, 100]]);
});
