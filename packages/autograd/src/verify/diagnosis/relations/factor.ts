import { sameShape } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { numbersOf } from '../../compare.ts';
import { showNumber } from '../../text-table.ts';
import { alikeNumbers } from '../alike.ts';
import type { Pairs, Relation } from '../relation.ts';
import { originOf } from './origin.ts';

/** A constant factor, the same at all points. */
export function factor(pairs: Pairs): Relation | undefined {
  const { claimed, expected, tolerance, sizes } = pairs;
  if (!claimed.every((x, i) => sameShape(x.shape, expected[i].shape))) return undefined;
  const numbers = claimed.map((x, i): [got: Numbers, needed: Numbers] => [numbersOf(x), numbersOf(expected[i])]);
  const c = ratio(numbers);
  if (c === undefined || Math.abs(c - 1) < tolerance) return undefined;
  const isMultiple = ([got, needed]: readonly [Numbers, Numbers]): boolean =>
    alikeNumbers(
      got,
      needed.map((entry) => c * entry),
      tolerance,
    );
  if (!numbers.every(isMultiple)) return undefined;
  const origin = originOf(c, sizes, 10 * tolerance);
  if (origin === undefined && countOf(expected) < 2) return undefined;
  return { causes: ['constant factor'], says: origin ?? unknown(c), telling: c !== 0, exact: true };
}

/** How many numbers there are in all: of one alone, anything is a multiple. */
function countOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, { length }) => sum + length, 0);
}

function unknown(c: number): string {
  return `_is_ ${showNumber(c)} times what _it_ must be, at all points alike`;
}

type Numbers = readonly number[];

/** Σ claimed · expected / Σ expected². */
function ratio(pairs: readonly (readonly [got: Numbers, needed: Numbers])[]): number | undefined {
  let [above, below] = [0, 0];
  for (const [got, needed] of pairs) {
    for (let k = 0; k < needed.length; k++) {
      above += needed[k] * got[k];
      below += needed[k] * needed[k];
    }
  }
  return below > 0 && Number.isFinite(above) ? above / below : undefined;
}
