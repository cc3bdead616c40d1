import type { DoubleFloat } from './double-float.ts';

/** π/2 as a float, and what that lacks. */
export const HALF_PI: DoubleFloat<number> = { high: Math.fround(Math.PI / 2), low: -4.371139000186243e-8 };
