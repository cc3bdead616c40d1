import { Generator } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stratifiedOrder } from './stratified-order.ts';

test("every beginning has each class's share, as closely as Tijdeman's theorem says", () => {
  const counts = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(counts, fc.nat(), (each, seed) => {
      let end = 0;
      const classes = each.map((count) => Int32Array.from({ length: count }, () => end++));
      const classOf = each.flatMap((count, k) => new Array<number>(count).fill(k));
      const order = stratifiedOrder(classes, new Generator(seed));
      expect([...order].toSorted((i, j) => i - j)).toEqual([...Array(end).keys()]);
      const closest = each.length === 1 ? 0 : 1 - 1 / Math.max(2, 2 * each.length - 2);
      const taken = each.map(() => 0);
      let farthest = 0;
      order.forEach((index, place) => {
        taken[classOf[index]]++;
        each.forEach((count, k) => {
          farthest = Math.max(farthest, Math.abs(taken[k] - (count * (place + 1)) / end));
        });
      });
      expect(farthest).toBeLessThanOrEqual(closest + 1e-9);
    }),
    { numRuns: 200 },
  );
});
