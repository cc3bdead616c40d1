import type { Tensor } from '../../core/tensor.ts';
import { placeOf } from '../compare.ts';
import { moved } from '../differences.ts';
import { type Program, valuesWith } from '../program.ts';
import { crossings } from './branches.ts';
import { type AlongInput, oneSidedSlopes } from './slope.ts';

/** A point too near to a place where the derivative jumps for differences to say what it is. */
export interface Kink {
  /** What was moved: an entry, or a direction. */
  readonly along: string;
  /** The operation that has the kink, where the tape shows one: `relu at [0, 3]`. */
  readonly operation: string | undefined;
  /** The slopes on both sides; NaN where the function is not finite there. */
  readonly slopes: readonly [below: number, above: number];
}

/** Where a kink may explain that differences and the tape are apart: an input, how it was moved, and how far. */
export interface Suspicion {
  readonly program: Program;
  readonly variable: number;
  readonly along: AlongInput;
  readonly direction: Tensor;
  readonly name: string;
  readonly reach: number;
  /** By how much they are apart. */
  readonly gap: number;
}

/**
 * The kink that explains a gap: the slopes on both sides are at least as far apart. The operation is found among those
 * that are on other pieces on the two sides.
 */
export function kinkBehind({ program, variable, along, direction, name, reach, gap }: Suspicion): Kink | undefined {
  const slopes = oneSidedSlopes(along, direction, reach);
  if (!(Math.abs(slopes[1] - slopes[0]) >= gap)) return undefined;
  const [below, above] = [-reach, reach].map((step) => {
    return program.run(valuesWith(program, variable, moved(along.x, direction, step))).lines;
  });
  const [crossing] = crossings(below, above);
  const operation = crossing && `${crossing.line.primitive.name} at ${placeOf(crossing.place, crossing.within)}`;
  return { along: name, operation, slopes };
}
