import fc from 'fast-check';
import type { Draw } from '../tape/primitive.ts';
import { type DrawOptions, drawFrom } from './draw-from.ts';

export type { Entries } from './draw-from.ts';

const integers = (low: number, high: number): fc.Arbitrary<number> => fc.noBias(fc.integer({ min: low, max: high }));

/** A source of samples whose choices fast-check makes: `fc.property(fc.gen(), (choose) => drawBy(choose, { dtype }))`. */
export function drawBy(choose: fc.GeneratorValue, options: DrawOptions): Draw {
  return drawFrom((low, high) => choose(integers, low, high), options);
}
