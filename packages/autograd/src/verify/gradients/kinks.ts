import type { Tensor } from '../../core/tensor.ts';
import { placeOf } from '../compare.ts';
import { moved } from '../differences.ts';
import { type Program, valuesWith } from '../program.ts';
import { crossings } from './branches.ts';
import { type AlongInput, oneSidedSlopes } from './slope.ts';

/** A point of whose derivative differences say nothing. */
export interface Kink {
  /** What was moved: an entry, or a direction. */
  readonly along: string;
  /** A kink or a jump is too near; the function is not finite beside the point; or the differences do not settle. */
  readonly why: 'kink' | 'not finite' | 'not settled';
  /** The operation that has the kink, where the tape shows one: `relu at [0, 3]`. */
  readonly operation: string | undefined;
  /** The slopes on both sides. */
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

/** So much nearer the slopes are looked at again; those of a smooth function are then nearer by as much. */
const NEARER = 4;
/** What stays of the difference of slopes at a kink. */
const STAYS = 0.6;

/**
 * The kink that explains a gap: the slopes on both sides are at least as far apart, and stay apart nearer to the point,
 * where those of a smooth function meet. The operation is found among those that are on other pieces on the two sides.
 */
export function kinkBehind(suspicion: Suspicion): Kink | undefined {
  const { along, direction, name, reach, gap } = suspicion;
  const slopes = oneSidedSlopes(along, direction, reach);
  const nearer = oneSidedSlopes(along, direction, reach / NEARER);
  const rounding = (4 * NEARER * along.rounding) / reach;
  const [apart, apartNearer] = [slopes, nearer].map(([below, above]) => Math.abs(above - below));
  if (!(apart >= gap && apartNearer - rounding >= STAYS * apart)) return undefined;
  return { along: name, why: 'kink', operation: operationCrossed(suspicion), slopes };
}

/** Why differences are of no use at all somewhere. */
export function unsettled(suspicion: Suspicion): Kink {
  const { along, direction, name, reach } = suspicion;
  const slopes = oneSidedSlopes(along, direction, reach);
  if (!slopes.every(Number.isFinite)) return { along: name, why: 'not finite', operation: undefined, slopes };
  const operation = operationCrossed(suspicion);
  return { along: name, why: operation === undefined ? 'not settled' : 'kink', operation, slopes };
}

/** The first operation that lies on another piece above than below. */
function operationCrossed({ program, variable, along, direction, reach }: Suspicion): string | undefined {
  const [below, above] = [-reach, reach].map((step) => {
    return program.run(valuesWith(program, variable, moved(along.x, direction, step))).lines;
  });
  const [crossing] = crossings(below, above);
  return crossing && `${crossing.line.primitive.name} at ${placeOf(crossing.place, crossing.within)}`;
}
