import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kernel } from '../../kernels/kernel.ts';
import { chunksOf, chunksOfSegment } from './chunks.ts';

function kernel(units: number, cost: number, grain?: number, start?: number): Kernel {
  return { name: 'kernel', elementType: 'float32', units, cost, grain, start, write: () => () => {} };
}

test('chunks follow one another from the first unit to the last, begin at grains, and are as large as each other', () => {
  const size = fc.integer({ min: 1, max: 500 });
  fc.assert(
    fc.property(size, size, size, fc.integer({ min: 1, max: 9 }), (units, cost, grain, threads) => {
      const chunks = chunksOf(kernel(units, 1000 * cost, grain), threads);
      expect(chunks.length).toBeLessThanOrEqual(threads > 1 ? 8 * threads : 1);
      expect(chunks[0][0]).toBe(0);
      expect(chunks.at(-1)?.[1]).toBe(units);
      chunks.forEach(([from, to], i) => {
        expect(from % grain).toBe(0);
        expect(from).toBeLessThan(to);
        if (i > 0) expect(from).toBe(chunks[i - 1][1]);
      });
      const grains = chunks.map(([from, to]) => Math.ceil((to - from) / grain));
      expect(Math.max(...grains) - Math.min(...grains)).toBeLessThanOrEqual(1);
    }),
  );
});

test('what takes less than 40 µs is not shared, and no chunk is less than half of that', () => {
  expect(chunksOf(kernel(100, 399), 4)).toEqual([[0, 100]]);
  expect(chunksOf(kernel(100, 401), 4)).toEqual([
    [0, 50],
    [50, 100],
  ]);
  expect(chunksOf(kernel(1, 1e9), 4)).toEqual([[0, 1]]);
  expect(chunksOf(kernel(0, 1e9), 4)).toEqual([[0, 0]]);
});

test('each thread has as many chunks as another, eight if they are not too small', () => {
  expect(chunksOf(kernel(100, 1e6), 4).length).toBe(32);
  expect(chunksOf(kernel(100, 2401), 4).length).toBe(12);
  expect(chunksOf(kernel(100, 2399), 4).length).toBe(8);
  expect(chunksOf(kernel(100, 801), 4).length).toBe(4);
  expect(chunksOf(kernel(100, 799), 4).length).toBe(3);
  expect(chunksOf(kernel(100, 1e6), 1).length).toBe(1);
});

test('the longer what is done for each chunk takes, the fewer there are, but one for each thread', () => {
  const countOf = (start: number): number => chunksOf(kernel(100, 1e4, 1, start), 2).length;
  expect([0, 1e3, 1e4, 3e4, 1e5, 1e9].map(countOf)).toEqual([16, 16, 10, 6, 4, 2]);
});

test('a segment is shared if that is worth waking a thread', () => {
  const small = kernel(100, 200);
  const large = kernel(100, 600);
  const counts = (segment: Kernel[]): number[] => chunksOfSegment(segment, 2).map(({ length }) => length);
  expect(counts([])).toEqual([]);
  expect(counts([large, small, small, small])).toEqual([1, 1, 1, 1]);
  expect(counts([large, small, large])).toEqual([2, 1, 2]);
});
