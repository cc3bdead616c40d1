import { Generator } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ListDataset } from '../list-dataset.ts';
import { randomSplit } from './random-split.ts';

const numbers = (n: number): ListDataset<number> => new ListDataset([...Array(n).keys()]);

test('every sample is in one part, and the parts are as long as asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10), { minLength: 1, maxLength: 5 }), fc.nat(), (lengths, seed) => {
      const n = lengths.reduce((sum, length) => sum + length, 0);
      const parts = randomSplit(numbers(n), lengths, { generator: new Generator(seed) });
      expect(parts.map((part) => part.length)).toEqual(lengths);
      const all = parts.flatMap((part) => [...part.indices]);
      expect(all.toSorted((i, j) => i - j)).toEqual([...Array(n).keys()]);
    }),
  );
});

test("fractions are rounded down, and what is left goes to the first parts: PyTorch's lengths", () => {
  const lengthsOf = (n: number, fractions: number[]): number[] =>
    randomSplit(numbers(n), fractions).map((part) => part.length);
  // What torch.utils.data.random_split gives.
  expect(lengthsOf(30, [0.3, 0.3, 0.4])).toEqual([9, 9, 12]);
  expect(lengthsOf(10, [1 / 3, 1 / 3, 1 / 3])).toEqual([4, 3, 3]);
  expect(lengthsOf(106, [0.1, 0.2, 0.3, 0.4])).toEqual([11, 22, 31, 42]);
  expect(lengthsOf(4, [1])).toEqual([4]);
  expect(lengthsOf(1, [1, 0])).toEqual([1, 0]);
  expect(lengthsOf(5, [0, 1])).toEqual([0, 5]);
});

test('the seed decides, and another one decides otherwise', () => {
  const split = (seed: number): string =>
    randomSplit(numbers(50), [0.5, 0.5], { generator: new Generator(seed) })
      .map((part) => part.indices)
      .join();
  expect(split(1)).toBe(split(1));
  expect(split(1)).not.toBe(split(2));
});

test('lengths that do not divide the dataset are told', () => {
  expect(() => randomSplit(numbers(10), [5, 4])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: randomSplit: the lengths do not divide the dataset
      got:   [5, 4], in sum 9
      needs: counts that sum to 10, or fractions that sum to 1; none below 0
      fix:   write [0.8, 0.2], or [n, dataset.length - n]]
  `);
  expect(() => randomSplit(numbers(10), [0.5, 0.4])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: randomSplit: the lengths do not divide the dataset
      got:   [0.5, 0.4], in sum 0.9
      needs: counts that sum to 10, or fractions that sum to 1; none below 0
      fix:   write [0.8, 0.2], or [n, dataset.length - n]]
  `);
  expect(() => randomSplit(numbers(10), [1.5, -0.5])).toThrow('the lengths do not divide the dataset');
  expect(() => randomSplit(numbers(10), [Number.NaN, 10])).toThrow('the lengths do not divide the dataset');
  expect(() => randomSplit(numbers(0), [])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: randomSplit: the lengths do not divide the dataset
      got:   no lengths
      needs: counts that sum to 0, or fractions that sum to 1; none below 0
      fix:   write [0.8, 0.2], or [n, dataset.length - n]]
  `);
});
