import { allAlike } from '../alike.ts';
import type { Pairs, Relation, Repairing } from '../relation.ts';
import { factor } from './factor.ts';
import { otherShape } from './other-shape.ts';
import { sumLeftOut } from './sum-left-out.ts';
import { transpose } from './transpose.ts';
import { unmoved } from './unmoved.ts';

const repairings: readonly Repairing[] = [transpose, sumLeftOut, otherShape];

/** What a claimed gradient is to the right one: a multiple, or of another shape, or, where it is neither, both at once. */
export function relationsIn(pairs: Pairs): readonly Relation[] {
  const multiple = factor(pairs) ?? unmoved(pairs);
  const repairs = repairings.flatMap((repairing) => repairing(pairs));
  const shaped = repairs.filter(({ claimed }) => allAlike(claimed, pairs.expected, pairs.tolerance));
  if (multiple !== undefined || shaped.length > 0) {
    const ofShape = shaped.map(({ cause, says }): Relation => ({ causes: [cause], says, telling: true, exact: true }));
    return [...(multiple ? [multiple] : []), ...ofShape];
  }
  return repairs.flatMap(({ cause, says, claimed }): readonly Relation[] => {
    const rest = factor({ ...pairs, claimed });
    if (rest === undefined || !rest.telling) return [];
    return [
      { causes: [cause, ...rest.causes], says: `${says}; besides, _it_ ${rest.says}`, telling: false, exact: true },
    ];
  });
}
