import fc from 'fast-check';
import { expect, test } from 'vitest';
import { portableCosSin, portableLog } from './portable-math.ts';

// An engine's own functions are within one unit in the last place; ours within two, so they differ by three at most.
test('portableLog agrees with Math.log', () => {
  const positive = fc.oneof(
    fc.double({ min: 2 ** -1022, max: Number.MAX_VALUE, noNaN: true }),
    fc.double({ min: 2 ** -54, max: 2, noNaN: true }),
    fc.integer({ min: 1, max: 2 ** 20 }).map((steps) => 1 - steps * 2 ** -53),
    fc.integer({ min: 1, max: 2 ** 20 }).map((steps) => 1 + steps * 2 ** -52),
    fc.integer({ min: -1022, max: 1023 }).map((exponent) => 2 ** exponent),
  );
  fc.assert(
    fc.property(positive, (x) => {
      const expected = Math.log(x);
      expect(Math.abs(portableLog(x) - expected)).toBeLessThanOrEqual(3 * 2 ** -52 * Math.abs(expected));
    }),
    { numRuns: 2000 },
  );
});

test('portableLog is exactly 0 at 1', () => {
  expect(portableLog(1)).toBe(0);
});

// 2 pi t, as Math.cos and Math.sin are given it, is off by up to half a unit in the last place of 2 pi: 2^-51. To this
// come 2^-53 of theirs and 2^-52 of ours.
test('portableCosSin agrees with Math.cos and Math.sin', () => {
  const out = new Float64Array(2);
  const turns = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 0, max: 2 ** 8 }).map((i) => i / 2 ** 8),
  );
  fc.assert(
    fc.property(turns, (t) => {
      portableCosSin(t, out);
      const bound = 2 ** -51 + 2 ** -52 + 2 ** -53;
      expect(Math.abs(out[0] - Math.cos(2 * Math.PI * t))).toBeLessThanOrEqual(bound);
      expect(Math.abs(out[1] - Math.sin(2 * Math.PI * t))).toBeLessThanOrEqual(bound);
    }),
    { numRuns: 2000 },
  );
});

test('portableCosSin is exact at quarter turns', () => {
  const out = new Float64Array(2);
  const at = (turns: number): number[] => {
    portableCosSin(turns, out);
    return [out[0], out[1]].map((x) => x + 0);
  };
  expect([0, 0.25, 0.5, 0.75, 1].map(at)).toEqual([
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
    [1, 0],
  ]);
});
