import { Generator, manualSeed, type Tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blobs } from './blobs.ts';
import { checkerboard } from './checkerboard.ts';
import { moons } from './moons.ts';
import { sine } from './sine.ts';
import { spirals } from './spirals.ts';
import { xor } from './xor.ts';

type Make = (n: number, options?: { readonly noise?: number; readonly generator?: Generator }) => [Tensor, Tensor];

/** What is drawn; how many classes it has, as many points of each; null if it draws those, too. */
const kinds: readonly (readonly [name: string, make: Make, classes: number | null])[] = [
  ['moons', moons, 2],
  ['spirals', spirals, 2],
  ['blobs', (n, { noise = 1, generator } = {}) => blobs(n, { std: noise, generator }), 3],
  ['xor', xor, 2],
  ['checkerboard', checkerboard, null],
  ['sine', sine, null],
];

const listOf = (tensors: readonly Tensor[]): unknown[] => tensors.map((x) => x.toArray());

describe.each(kinds)('%s', (name, make, classes) => {
  test('has so many points, finite, of every class as many', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer(), (n, seed) => {
        const [points, labels] = make(n, { generator: new Generator(seed) });
        expect([points.shape[0], points.dtype, labels.shape[0]]).toEqual([n, 'float32', n]);
        expect([...points.toTypedArray()].every(Number.isFinite)).toBe(true);
        if (classes === null) return;
        expect([labels.dtype, labels.shape]).toEqual(['int32', [n]]);
        const counts = Array.from({ length: classes }, (_, k) => labels.eq(k).sum().item());
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(n);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(name === 'xor' ? 2 : 1);
      }),
      { numRuns: 30 },
    );
  });

  test('is what the seed says, and manualSeed where no generator is given', () => {
    manualSeed(8);
    const drawn = listOf(make(30));
    expect(listOf(make(30, { generator: new Generator(8) }))).toEqual(drawn);
    expect(listOf(make(30, { generator: new Generator(9) }))).not.toEqual(drawn);
  });

  test('varies around what it is without noise by the noise', () => {
    const [still, moved] = [0, 0.25].map((noise) => make(4000, { noise, generator: new Generator(3) }));
    const difference = moved[name === 'sine' ? 1 : 0].sub(still[name === 'sine' ? 1 : 0]);
    expect(difference.square().mean().sqrt().item()).toBeCloseTo(0.25, 1.5);
    expect(difference.mean().abs().item()).toBeLessThan(0.02);
  });

  test('is not of numbers that there cannot be', () => {
    for (const n of [-1, 2.5, Number.NaN]) expect(() => make(n)).toThrow(`${name}: there are no such points`);
    for (const noise of [-1, Infinity]) expect(() => make(5, { noise })).toThrow(`${name}: there are no such points`);
  });
});

test('the errors tell what was asked for', () => {
  expect(() => moons(-1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: moons: there are no such points
      got:   -1 points, noise 0.1
      needs: a whole number of points from 0; settings that are finite, 0 or more
      fix:   n counts all points together; noise is a standard deviation]
  `);
  expect(() => spirals(5, { turns: -1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: spirals: there are no such points
      got:   5 points, turns -1, noise 0.02
      needs: a whole number of points from 0; settings that are finite, 0 or more
      fix:   n counts all points together; noise is a standard deviation]
  `);
  expect(() => spirals(5, { arms: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: spirals: arms is no count
      got:   arms = 0
      needs: a whole number from 1
      fix:   leave it out for two]
  `);
  expect(() => checkerboard(5, { squares: 1.5 })).toThrow('checkerboard: squares is no count');
  expect(() => sine(5, { low: 1, high: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: sine: x has no range
      got:   low 1 and high 0
      needs: finite numbers, low at most high
      fix:   swap the two, or leave them out for one period around 0]
  `);
  expect(() => blobs(5, { centers: 0 })).toThrow('blobs: centers is no count');
  expect(() => blobs(5, { features: 0 })).toThrow('blobs: features is no count');
  expect(() => blobs(5, { centers: [] })).toThrow('blobs: the centers are no points of one space');
  expect(() => blobs(5, { centers: [[1], [1, 2]] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: blobs: the centers are no points of one space
      got:   [[1], [1, 2]]
      needs: at least one list of finite numbers, equally many in each
      fix:   write centers: [[0, 0], [5, 5]], or their number: centers: 2]
  `);
  expect(() => blobs(5, { std: [1, 2] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: blobs: not one standard deviation for each class
      got:   2 deviations and 3 centers
      needs: as many, or one number for all
      fix:   write std: 0.5, or give one for each center]
  `);
  expect(() => blobs(5, { std: [1, -2, 1] })).toThrow('std 1 -2');
  expect(() => blobs(5, { centerBox: [1, 0] })).toThrow('uniform: not an interval');
});
