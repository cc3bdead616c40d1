import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Generator, randn, type Tensor, tensor } from '../../index.ts';
import { drawAfresh } from './draw-afresh.ts';

const sorted = (x: Tensor): number[] => [...x.toTypedArray()].sort((a, b) => a - b);
const draw = (x: Tensor, seed: number): Tensor => drawAfresh(x, new Generator(seed));

describe('values drawn afresh', () => {
  test('have the shape and the dtype, lie between the old ones, and are others', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom('float32' as const, 'float64' as const),
        fc.boolean(),
        (seed, dtype, flip) => {
          const drawn = randn([4, 3], { generator: new Generator(seed), dtype });
          const x = flip ? drawn.t() : drawn;
          const fresh = draw(x, seed + 1);
          expect([fresh.shape, fresh.dtype]).toEqual([x.shape, dtype]);
          const [low, high] = [sorted(x)[0], sorted(x)[11]];
          for (const entry of fresh.toTypedArray()) expect(entry >= low && entry <= high).toBe(true);
          expect(fresh.toArray()).not.toEqual(x.toArray());
          expect(draw(x, seed + 1).toArray()).toEqual(fresh.toArray());
        },
      ),
    );
  });

  test('two values, and shares of 1, only change places', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const onehot = tensor([
          [1, 0, 0],
          [0, 0, 1],
          [0, 0, 1],
          [0, 1, 0],
        ]);
        const fresh = draw(onehot, seed);
        expect(sorted(fresh)).toEqual(sorted(onehot));
        expect(fresh.sum(1).toArray()).toEqual([1, 1, 1, 1]);
        const masks = tensor([
          [1, 1, -1],
          [-1, 1, 1],
        ]);
        expect(sorted(draw(masks, seed))).toEqual(sorted(masks));
        const shares = tensor([
          [0.25, 0.75],
          [0.5, 0.5],
        ]);
        for (const x of [shares, shares.t()]) expect(sorted(draw(x, seed))).toEqual(sorted(x));
      }),
    );
  });

  test('where there is one value, they lie near it, or around zero', () => {
    for (const entry of draw(tensor([4, 4, 4, 4]), 1).toTypedArray()) expect(Math.abs(entry - 4)).toBeLessThan(1.01);
    const fresh = draw(tensor([0, 0, 0]), 1);
    expect(new Set(fresh.toTypedArray()).size).toBe(3);
    expect(draw(tensor(-2), 3).item()).toBeLessThan(0);
  });

  test('stay where there are infinities, or nothing', () => {
    const mask = tensor([0, Number.NEGATIVE_INFINITY, 0.5]);
    expect(draw(mask, 1)).toBe(mask);
    const empty = tensor([]);
    expect(draw(empty, 1)).toBe(empty);
  });
});
