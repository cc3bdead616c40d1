import type { Draw, Primitive, Sample } from '../../tape/primitive.ts';

/**
 * What must hold for every primitive, tried on one sample of it. Gives undefined if it holds, or a sentence that says
 * what broke. Cotangents and tangents are drawn.
 */
export type Law = <P>(primitive: Primitive<P>, sample: Sample<P>, draw: Draw) => string | undefined;
