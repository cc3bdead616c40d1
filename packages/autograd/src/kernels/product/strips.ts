import type { LoopMath } from '../loop-math.ts';
import type { Block, Packing, Reading } from './operand.ts';

/** A block of an operand: lines (rows of A, columns of B), each of so many depths. */
export interface Lines<I> extends Block<I> {
  readonly lines: I;
  readonly depth: I;
}

/**
 * Strips of lines of an operand side by side, packed or in place: the first line, where it lies, and the steps from strip to
 * strip and in depth.
 */
export interface Strips<I> {
  readonly isPacked: boolean;
  readonly first: I;
  readonly lines: I;
  readonly at: I;
  readonly step: I;
  readonly depthStride: I;
}

/** Lays an operand out: whole strips that stay in place, and those that are packed to an address. One may be empty. */
export type LayOut<I> = (operand: Lines<I>, isInPlace: I, packed: I) => readonly Strips<I>[];

/**
 * The way in which operands are laid out for the innermost loop, in strips of `strip` lines.
 *
 * @param grain So many lines at a time are read together: multiples of it may stay in place.
 */
export function layingOut<I, V>(
  w: LoopMath<I, V>,
  reading: Reading,
  pack: Packing<I>,
  strip: number,
  grain: number,
): LayOut<I> {
  const size = w.elementSize;
  return (operand, isInPlace, packed) => {
    const { lines, depth } = operand;
    const step = w.fix(w.times(depth, strip * size));
    const depthStride = w.index(strip * size);
    if (!reading.isPlain) {
      pack(packed, operand.at, lines, depth, operand.lineWay, operand.depthWay);
      return [{ isPacked: true, first: w.index(0), lines, at: packed, step, depthStride }];
    }
    // What hangs over the edge is packed: nothing is read beyond it.
    const whole = w.fix(w.times(w.times(w.quotient(lines, grain), grain), isInPlace));
    const rest = w.fix(w.minus(lines, whole));
    const { at, lineWay, depthWay } = reading.moved(w, operand, whole, w.index(0));
    pack(packed, at, rest, depth, lineWay, depthWay);
    const stepInPlace = w.fix(w.times(lineWay, strip));
    return [
      { isPacked: false, first: w.index(0), lines: whole, at: operand.at, step: stepInPlace, depthStride: depthWay },
      { isPacked: true, first: whole, lines: rest, at: packed, step, depthStride },
    ];
  };
}
