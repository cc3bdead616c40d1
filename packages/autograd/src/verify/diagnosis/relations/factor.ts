import { sameShape } from '../../../core/shape.ts';
import { numbersOf } from '../../compare.ts';
import { showNumber } from '../../text-table.ts';
import { alikeNumbers } from '../alike.ts';
import type { Pairs, Relation } from '../relation.ts';
import { originOf } from './origin.ts';

/** A constant factor, the same at all points. */
export function factor(pairs: Pairs): Relation | undefined {
  const { claimed, expected, tolerance, sizes } = pairs;
  if (!claimed.every((x, i) => sameShape(x.shape, expected[i].shape))) return undefined;
  const c = ratio(pairs);
  if (c === undefined || Math.abs(c - 1) < tolerance) return undefined;
  const multiples = expected.map((x) => numbersOf(x).map((entry) => c * entry));
  if (!claimed.every((x, i) => alikeNumbers(numbersOf(x), multiples[i], tolerance))) return undefined;
  const origin = originOf(c, sizes, 10 * tolerance);
  return { causes: ['constant factor'], says: origin ?? unknown(c), telling: c !== 0 };
}

function unknown(c: number): string {
  return `_is_ ${showNumber(c)} times what _it_ must be, at all points alike`;
}

/** Σ claimed · expected / Σ expected². */
function ratio({ claimed, expected }: Pairs): number | undefined {
  let [above, below] = [0, 0];
  claimed.forEach((x, i) => {
    const [got, needed] = [numbersOf(x), numbersOf(expected[i])];
    needed.forEach((entry, k) => {
      above += entry * got[k];
      below += entry * entry;
    });
  });
  return below > 0 && Number.isFinite(above) ? above / below : undefined;
}
