import type { Generator } from '../../core/random/generator.ts';
import type { Shape } from '../../core/shape.ts';
import { type Comparison, compareAlong, isKink, largerError, type Varied, varied } from './compare-along.ts';
import { alongAll, alongEntry, type Direction, restricted } from './directions.ts';
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
  const found = ways.map((way) => compareAlong(by, way));
  const worst = worstOf(found.filter((one): one is Comparison => !isKink(one)));
  const wrongWay = !each && worst && largerError(worst) > 1 ? ways[found.indexOf(worst)] : undefined;
  return {
    name: taped.program.names[variable],
    shape,
    moved: each ? 'entries' : 'directions',
    count: ways.length,
    worst: (wrongWay && entryBehind(by, wrongWay)) ?? worst,
    kinks: found.filter(isKink),
  };
}

function worstOf(compared: readonly Comparison[]): Comparison | undefined {
  return compared.reduce<Comparison | undefined>((a, b) => (a && largerError(a) >= largerError(b) ? a : b), undefined);
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
