import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fusedMultiplyAdd } from './fused-multiply-add.ts';

const SCALE = 149n; // the smallest float32 is 2^-149

/** A float32 as a whole number of 2^-149. */
function whole(x: number): bigint {
  const exponent = Math.max(-149, Math.floor(Math.log2(Math.abs(x) || 1)) - 30);
  return BigInt(x / 2 ** exponent) * 2n ** (BigInt(exponent) + SCALE);
}

test('rounded to float32 it is no further from the exact result than any other float', () => {
  const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1024, max: 1024 });
  const near = fc.tuple(float, float, fc.integer({ min: -3, max: 3 })).map(([a, b, k]) => {
    const c = Math.fround(-a * b);
    return [a, b, Math.fround(c + k * 2 ** -20 * Math.abs(c))] as const;
  });
  const any = fc.tuple(float, float, float);
  fc.assert(
    fc.property(fc.oneof(any, near), ([a, b, c]) => {
      const exact = whole(a) * whole(b) + whole(c) * 2n ** SCALE;
      const distance = (x: number): bigint => {
        const difference = whole(x) * 2n ** SCALE - exact;
        return difference < 0n ? -difference : difference;
      };
      const result = Math.fround(fusedMultiplyAdd(a, b, c));
      const bits = new Int32Array(Float32Array.of(result).buffer);
      for (const step of [-1, 1]) {
        const other = new Float32Array(Int32Array.of((bits[0] as number) + step).buffer)[0] as number;
        if (Number.isFinite(other)) expect(distance(result) <= distance(other)).toBe(true);
      }
    }),
    { numRuns: 5000 },
  );
});

test('a sum that two roundings take the wrong way', () => {
  // 1 + 2^-24 lies between two floats, and what is added decides; in float64 it gets lost.
  expect(Math.fround(fusedMultiplyAdd(1, 1 + 2 ** -23, 2 ** -24 - 2 ** -60))).toBe(1 + 2 ** -23);
  const [a, b, c] = [2 ** -12, 2 ** -48, 1 + 2 ** -23] as const;
  expect(Math.fround(fusedMultiplyAdd(a, b, c))).toBe(c);
});

test('what is infinite or no number stays so', () => {
  expect(fusedMultiplyAdd(Infinity, 1, 1)).toBe(Infinity);
  expect(fusedMultiplyAdd(Infinity, 1, -Infinity)).toBeNaN();
  expect(fusedMultiplyAdd(Number.NaN, 1, 1)).toBeNaN();
  expect(fusedMultiplyAdd(0, -1, -0)).toBe(-0);
});
