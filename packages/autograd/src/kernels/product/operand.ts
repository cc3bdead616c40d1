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

/** The steps of an operand from row to row and from column to column, in the engine's units. */
export interface Steps {
  readonly row: number;
  readonly column: number;
}

/** How a product reads an operand. */
export interface Reading {
  /** Part of the name of the product's procedure: products that read alike are one. */
  readonly name: string;
  /** Whether the ways are strides. */
  readonly isPlain: boolean;
  /** The steps of an operand that is read where it lies. */
  readonly inPlace?: Steps;
  /** The block that begins so many lines and so much depth further on. */
  moved<I, V>(w: LoopMath<I, V>, block: Block<I>, lines: I, depth: I): Block<I>;
  /** Writes the procedure that lays lines out in strips, as {@link packing} does. */
  packing<I, V>(w: LoopMath<I, V>, name: string, strip: number): Packing<I>;
}

/** A matrix with two strides, in the engine's units. */
export const plainReading: Reading = {
  name: '',
  isPlain: true,
  moved: (w, { at, lineWay, depthWay }, lines, depth) => ({
    at: w.plus(at, w.plus(w.times(lines, lineWay), w.times(depth, depthWay))),
    lineWay,
    depthWay,
  }),
  packing: (w, name, strip) => packing(w, name, strip),
};

/** Lines that follow one another within so many elements are read again before they leave the nearest cache. */
export const NEAR = 288;

/**
 * Whether A is better read where it lies than packed, if its steps are known when the nest is written: rows that each lie in
 * one piece, or lie side by side and near.
 */
export function isReadInPlace(steps: Steps, elementSize: number): boolean {
  const { row, column } = steps;
  return (row >= 0 && column === elementSize) || areLinesNear(steps, elementSize);
}

/** Whether lines lie side by side, and their next entries near: rows of A, or columns of B as rows. */
export function areLinesNear({ row, column }: Steps, elementSize: number): boolean {
  return row === elementSize && column >= 0 && column <= NEAR * elementSize;
}

/** A matrix of these steps, read where it lies. */
export function readingInPlace(steps: Steps): Reading {
  return { ...plainReading, name: `_${steps.row}_${steps.column}`, inPlace: steps };
}
