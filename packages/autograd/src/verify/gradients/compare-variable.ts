import { Generator } from '../../core/random/generator.ts';
import type { Shape } from '../../core/shape.ts';
import {
  besideForward,
  type Comparison,
  compareAlong,
  isKink,
  largerError,
  type Measured,
  measureAlong,
  modesAgree,
  type Varied,
  varied,
} from './compare-along.ts';
import { alongAll, alongEntry, anyDirection, type Direction, restricted } from './directions.ts';
import type { Kink } from './kinks.ts';
import type { Taped } from './taped.ts';

/** What was found about one input. */
export interface VariableReport {
  readonly name: string;
  readonly shape: Shape;
  /** Whether each entry was moved, or all at once in random directions. */
  readonly moved: 'entries' | 'directions';
  /** How many entries or directions. */
  readonly count: number;
  /** The comparison with the largest error; undefined where there was nothing to compare. */
  readonly worst: Comparison | undefined;
  /** The entries or directions of which differences say nothing. */
  readonly kinks: readonly Kink[];
}

export interface Thoroughness {
  /** Inputs with more entries are moved in random directions. */
  readonly entries: number;
  readonly directions: number;
}

/** Compares the derivatives by one variable: along every entry, or along random directions. */
export function compareVariable(
  taped: Taped,
  variable: number,
  { entries, directions }: Thoroughness,
  generator: Generator,
): VariableReport {
  const x = taped.program.start[variable];
  const { shape, length } = x;
  const each = length <= entries;
  const ways = Array.from({ length: each ? length : directions }, (_, k) =>
    each ? alongEntry(shape, length, k) : alongAll(x, generator, `direction ${k + 1}`),
  );
  const by = varied(taped, variable);
  const found = ways.map((way) => measureAlong(by, way));
  const worst = worstBeside(by, ways, found);
  const wrongWay = !each && worst && largerError(worst) > 1 ? ways.find(({ name }) => name === worst.along) : undefined;
  return {
    name: taped.program.names[variable],
    shape,
    moved: each ? 'entries' : 'directions',
    count: ways.length,
    worst: (wrongWay && entryBehind(by, wrongWay)) ?? worst,
    kinks: found.filter(isKink),
  };
}

/** The random directions along which the modes are compared first: how many, and their seed, so that a report can be repeated. */
const [DIRECTIONS_OF_MODES, SEED_OF_MODES] = [2, 3];

/** The worst of what was measured, with forward mode beside it; where the modes disagree, the worst by either. */
function worstBeside(
  by: Varied,
  ways: readonly Direction[],
  found: readonly (Measured | Kink)[],
): Comparison | undefined {
  const generator = new Generator(SEED_OF_MODES);
  const directions = Array.from({ length: DIRECTIONS_OF_MODES }, () => anyDirection(by.along.x.shape, generator));
  const measured = found.filter((one): one is Measured => !isKink(one));
  const worst = worstOf(measured);
  if (worst === undefined) return undefined;
  const suspects = modesAgree(by, directions) ? [worst] : measured;
  return worstOf(suspects.map((one) => besideForward(by, ways[found.indexOf(one)], one)));
}

function worstOf<T extends Measured>(compared: readonly T[]): T | undefined {
  return compared.reduce<T | undefined>((a, b) => (a && largerError(a) >= largerError(b) ? a : b), undefined);
}

/** A wrong entry behind a wrong derivative along a direction, by halving. */
function entryBehind(by: Varied, way: Direction): Comparison | undefined {
  const { shape, length } = way.tensor;
  let [from, to] = [0, length];
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    const [first, second] = [restricted(way, from, middle), restricted(way, middle, to)].map((half) => {
      const compared = compareAlong(by, half);
      return isKink(compared) ? 0 : largerError(compared);
    });
    [from, to] = first >= second ? [from, middle] : [middle, to];
  }
  const entry = compareAlong(by, alongEntry(shape, length, from));
  return isKink(entry) || largerError(entry) <= 1 ? undefined : entry;
}
