import fc from 'fast-check';
import type { Formula } from './scalar-math.ts';

// What the tests of vector reductions draw from.

/** A name, the formula, its neutral value, and the same in JavaScript. */
export type Reduction = readonly [string, Formula, number, (a: number, b: number) => number];

export const reductions: readonly Reduction[] = [
  ['sum', (m, a, b) => m.add(a, b), 0, (a, b) => a + b],
  ['largest', (m, a, b) => m.maximum(a, b), -Infinity, Math.max],
];

/** Halves, so that sums are exact, and now and then what is no number, or none of its size. */
export const entry: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: fc.integer({ min: -99, max: 99 }).map((x) => x / 2), weight: 60 },
  { arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0), weight: 1 },
);
