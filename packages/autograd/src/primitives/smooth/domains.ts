import type { Domain } from '../../tape/primitive.ts';

/** Where formulas are tried that hold everywhere. */
export const reals: Domain = { low: -3, high: 3 };
export const positive: Domain = { low: 0.1, high: 4 };
export const unit: Domain = { low: -0.95, high: 0.95 };
/** Clear of zero. */
export const nonzero: Domain = { low: 0.2, high: 3 };
