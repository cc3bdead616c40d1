import * as bilinear from './primitives/bilinear/index.ts';
import * as linear from './primitives/linear/index.ts';
import * as piecewise from './primitives/piecewise/index.ts';
import * as smooth from './primitives/smooth/index.ts';
import type { Primitive } from './tape/primitive.ts';

export type Floor = 'linear' | 'bilinear' | 'smooth' | 'piecewise';

/** Every primitive there is, by floor, found among what the floors export: nothing registers itself. */
export const registry: Readonly<Record<Floor, readonly Primitive[]>> = {
  linear: primitivesOf(linear),
  bilinear: primitivesOf(bilinear),
  smooth: primitivesOf(smooth),
  piecewise: primitivesOf(piecewise),
};

/** What a module exports is a primitive, or an operation that carries one. */
function primitivesOf(floor: Readonly<Record<string, unknown>>): readonly Primitive[] {
  return Object.values(floor).flatMap((exported) => {
    if (isPrimitive(exported)) return [exported];
    const carried = typeof exported === 'function' && 'primitive' in exported ? exported.primitive : undefined;
    return isPrimitive(carried) ? [carried] : [];
  });
}

function isPrimitive(value: unknown): value is Primitive {
  return typeof value === 'object' && value !== null && 'evaluate' in value && 'pullback' in value;
}
