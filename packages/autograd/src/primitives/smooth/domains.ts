import type { Domain, Primitive } from '../../tape/primitive.ts';

/** Where formulas are tried that hold everywhere. */
export const reals: Domain = { low: -3, high: 3 };
export const positive: Domain = { low: 0.1, high: 4 };
export const unit: Domain = { low: -0.95, high: 0.95 };
/** Clear of zero. */
export const nonzero: Domain = { low: 0.2, high: 3 };
/** Two numbers of which either may be the larger, clear of a tie. */
export const untied: readonly Domain[] = [
  { low: -3, high: 3, kinks: [0] },
  { low: -0.01, high: 0.01 },
];

/** Draws tensors of one shape: one domain for all, or one each. */
export function sampleEntries(domain: Domain | readonly Domain[], inputCount: number): Primitive<undefined>['sample'] {
  const domains = 'low' in domain ? new Array<Domain>(inputCount).fill(domain) : domain;
  return (draw) => {
    const shape = draw.shape();
    return { inputs: domains.map((d) => draw.tensor(shape, d)), params: undefined };
  };
}
