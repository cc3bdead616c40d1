import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spreadApart } from './spread-apart.ts';

const places = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 8 });

test('places are in bounds, in order, and far enough apart', () => {
  fc.assert(
    fc.property(places, (positions) => {
      const spread = spreadApart(positions, 10, 0, 100);
      for (const place of spread) {
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(100);
      }
      for (const [i, a] of spread.entries()) {
        for (const [j, b] of spread.entries()) {
          if (i !== j) expect(Math.abs(a - b)).toBeGreaterThanOrEqual(10);
          if ((positions[i] as number) < (positions[j] as number)) expect(a).toBeLessThan(b);
        }
      }
    }),
  );
});

test('what already lies apart stays', () => {
  expect(spreadApart([50, 10, 90], 10, 0, 100)).toEqual([50, 10, 90]);
});

test('what does not fit is pushed back from the end', () => {
  expect(spreadApart([95, 99, 100], 10, 0, 100)).toEqual([80, 90, 100]);
});
