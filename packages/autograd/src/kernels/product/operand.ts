import type { LoopMath } from '../loop-math.ts';
import { packing } from './packing.ts';

/**
 * Where a block of an operand lies: an address, and a way along its lines (rows of A, columns of B) and along its depth.
 * What a way is, a stride or a table, the operand's {@link Reading} knows.
 */
export interface Block<I> {
  readonly at: I;
  readonly lineWay: I;
  readonly depthWay: I;
}

/** Packs a block: address to pack to, address to pack from, lines, depth, way along the lines, way along the depth. */
export type Packing<I> = (to: I, from: I, lines: I, depth: I, lineWay: I, depthWay: I) => void;

/** How a product reads an operand. */
export interface Reading {
  /** Part of the name of the product's procedure: products that read alike are one. */
  readonly name: string;
  /** The block that begins so many lines and so much depth further on. */
  moved<I, V>(w: LoopMath<I, V>, block: Block<I>, lines: I, depth: I): Block<I>;
  /** Writes the procedure that lays lines out in strips, as {@link packing} does. */
  packing<I, V>(w: LoopMath<I, V>, name: string, strip: number): Packing<I>;
}

/** A matrix with two strides, in the engine's units. */
export const plainReading: Reading = {
  name: '',
  moved: (w, { at, lineWay, depthWay }, lines, depth) => ({
    at: w.plus(at, w.plus(w.times(lines, lineWay), w.times(depth, depthWay))),
    lineWay,
    depthWay,
  }),
  packing: (w, name, strip) => packing(w, name, strip),
};
