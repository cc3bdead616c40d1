import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evenly } from '../verify/evenly.ts';
import { erf } from './error-function.ts';

/** `2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1))`: no term is negative, so none cancel. Abramowitz and Stegun 7.1.6. */
function series(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-20 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

describe('the error function', () => {
  // NIST Digital Library of Mathematical Functions, table 7.23, and Abramowitz and Stegun, table 7.1.
  test.each([
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [1.5, 0.9661051464753108],
    [2, 0.9953222650189527],
    [2.5, 0.999593047982555],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
    [5, 0.9999999999984626],
  ])('has its published value at %d', (x, value) => {
    expect(Math.abs(erf(x) - value)).toBeLessThan(3e-16);
    expect(erf(-x)).toBe(-erf(x));
  });

  test('is its series', () => {
    fc.assert(
      fc.property(evenly(-6.5, 6.5), (x) => {
        fc.pre(x !== 0);
        expect(Math.abs(erf(x) / series(x) - 1)).toBeLessThan(6e-15);
      }),
      { numRuns: 2000 },
    );
  });

  test('goes on without a step where one approximation follows another', () => {
    for (const seam of [0.46875, 4, 6]) {
      for (const x of [seam, -seam]) {
        const [before, after] = [erf(x * (1 - 2 ** -52)), erf(x * (1 + 2 ** -52))];
        expect(Math.abs(before - after)).toBeLessThan(8e-16);
      }
    }
  });

  test('rises from -1 to 1', () => {
    fc.assert(
      fc.property(evenly(-8, 8), evenly(0, 1), (x, step) => {
        expect(erf(x + step)).toBeGreaterThanOrEqual(erf(x) - 2 ** -53);
      }),
    );
    expect([erf(-Infinity), erf(-30), erf(-0), erf(0), erf(30), erf(Infinity)]).toEqual([-1, -1, -0, 0, 1, 1]);
    expect(erf(Number.NaN)).toBeNaN();
    expect(erf(1e-300)).toBe((2 / Math.sqrt(Math.PI)) * 1e-300);
  });
});
