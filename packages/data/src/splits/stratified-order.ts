import type { Generator } from '@gradtape/autograd';

/**
 * All samples in an order of which every beginning holds of each class its share, to less than one sample; so what is
 * cut out of it holds it to less than two. Which samples of a class come when is drawn.
 *
 * Place after place goes to the class that would be too late soonest, among those that are not too early. Source: Tijdeman,
 * "The chairman assignment problem" (1980), who shows that no class is off by more than `1 - 1 / (2 · classes - 2)`.
 *
 * @param classes - the indices of each class's samples.
 */
export function stratifiedOrder(classes: readonly Int32Array[], generator: Generator): Int32Array {
  const shuffled = classes.map((members) => generator.permutation(members.length).map((i) => members[i]));
  const samples = classes.reduce((sum, members) => sum + members.length, 0);
  const taken = new Int32Array(classes.length);
  const slack = 1 / Math.max(2, 2 * classes.length - 2);
  return new Int32Array(samples).map((_, place) => {
    const next = mostUrgent(shuffled, taken, slack, (place + 1) / samples);
    return shuffled[next][taken[next]++];
  });
}

function mostUrgent(classes: readonly Int32Array[], taken: Int32Array, slack: number, share: number): number {
  let [chosen, soonest] = [-1, Infinity];
  classes.forEach(({ length }, k) => {
    const has = taken[k];
    // The deadline, as a share of the whole order. Rounding must not make a class late that is just in time.
    const deadline = (has + 1 - slack) / length;
    const early = length * share - has < slack - 1e-9;
    if (has < length && !early && deadline < soonest) [chosen, soonest] = [k, deadline];
  });
  return chosen;
}
