import type fc from 'fast-check';
import type { Shape } from '../core/shape.ts';
import { chooseShape, type ShapeOptions } from '../verify/draw-from.ts';
import { chosen } from './chosen.ts';

export type { ShapeOptions } from '../verify/draw-from.ts';

/**
 * Shapes of at most 200 entries: mostly of sizes from two to four, now and then the smallest size and large ones. They
 * shrink to few dims and small sizes.
 */
export function shapes(options: ShapeOptions = {}): fc.Arbitrary<Shape> {
  return chosen((choose) => chooseShape(choose, options));
}
