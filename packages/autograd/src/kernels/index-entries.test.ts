import { describe, expect, test } from 'vitest';
import { adopt } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { checkIndices, gatherEntries, scatterSum } from './index-entries.ts';

// What indices pick and where they add is for the definitions and laws of `gather` and `scatterAdd`.

const list = (...entries: number[]): Tensor => adopt(Int32Array.from(entries), [entries.length]);
const x = adopt(Float32Array.of(10, 20, 30), [3]);

describe('an index out of range', () => {
  test.each([3, -1, 2 ** 31 - 1])('%d throws before anything is read or written', (wrong) => {
    expect(() => gatherEntries(x, 0, list(0, wrong))).toThrow(/gather(.|\n)*size 3/);
    expect(() => scatterSum(x, list(0, 1, wrong), 0, [3])).toThrow(/scatterAdd(.|\n)*size 3/);
  });

  test('is any index of an empty dim', () => {
    const empty = adopt(new Float32Array(0), [0]);
    expect(() => gatherEntries(empty, 0, list(0))).toThrow(/empty/);
    expect(gatherEntries(empty, 0, list()).toArray()).toEqual([]);
  });

  test('is told from one that counts from the end', () => {
    const counted = { operation: 'select', dim: 0, size: 3 };
    expect(() => checkIndices(list(-3, 2), { ...counted, fromEnd: true })).not.toThrow();
    expect(() => checkIndices(list(-4), { ...counted, fromEnd: true })).toThrow(/-3 to 2/);
    expect(() => checkIndices(list(-2), { ...counted, fromEnd: false })).toThrow(/-2 counted from the end is 1/);
  });
});

test('entries that are added to one place add up', () => {
  expect(scatterSum(x, list(1, 1, 1), 0, [2]).toArray()).toEqual([0, 60]);
  expect(scatterSum(adopt(Int32Array.of(1, 2, 3), [3]), list(0, 2, 0), 0, [3]).toArray()).toEqual([4, 0, 2]);
});
