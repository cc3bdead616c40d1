import { expect, test } from 'vitest';
import { chooseAmong, chooseBySeed } from './choose.ts';

test('choices of a seed reach both bounds and everything between, evenly', () => {
  const choose = chooseBySeed(5);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) counts[choose(-1, 2) + 1]++;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  expect(choose(7, 7)).toBe(7);
});

test('the same seed gives the same choices, another one others', () => {
  const ten = (seed: number): number[] => {
    const choose = chooseBySeed(seed);
    return Array.from({ length: 10 }, () => choose(0, 2 ** 31 - 1));
  };
  expect(ten(1)).toEqual(ten(1));
  expect(ten(1)).not.toEqual(ten(2));
});

test('things are chosen as often as their weights say, and the first is the simplest', () => {
  const weighted = [
    [2, 'a'],
    [1, 'b'],
    [3, 'c'],
  ] as const;
  expect([0, 1, 2, 3, 4, 5].map((share) => chooseAmong(() => share, weighted))).toEqual(['a', 'a', 'b', 'c', 'c', 'c']);
  expect(
    chooseAmong((low, high) => {
      expect([low, high]).toEqual([0, 5]);
      return low;
    }, weighted),
  ).toBe('a');
});
