import fc from 'fast-check';

/** Numbers evenly distributed between two bounds. (`fc.double` draws bits: half of its numbers are below 1e-154.) */
export function evenly(low: number, high: number): fc.Arbitrary<number> {
  return fc.noBias(fc.nat({ max: 2 ** 30 })).map((i) => low + ((high - low) * i) / 2 ** 30);
}
