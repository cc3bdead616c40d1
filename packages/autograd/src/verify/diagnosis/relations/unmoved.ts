import { sameShape } from '../../../core/shape.ts';
import { allAlike } from '../alike.ts';
import type { Pairs, Relation } from '../relation.ts';

/** The same numbers at all points, where the right ones move. */
export function unmoved({ claimed, expected, tolerance }: Pairs): Relation | undefined {
  const isSame = (list: Pairs['claimed']): boolean => allAlike(list.slice(1), list.slice(0, -1), tolerance);
  if (claimed.length < 2 || !sameShape(claimed[0].shape, expected[0].shape)) return undefined;
  if (!isSame(claimed) || isSame(expected)) return undefined;
  const says = '_is_ the same whatever the inputs are: the derivation uses values that are not among its arguments';
  return { causes: ['inputs not used'], says, telling: false, exact: false };
}
