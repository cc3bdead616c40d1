import type { History } from '../loop/index.ts';
import { type Finding, finding } from './finding.ts';
import { correlation, ends, mean, short, withoutTrend } from './series.ts';

/** Every loss that was met: by batches, and by epochs in training and validation. */
interface Losses {
  readonly batches: readonly number[];
  readonly epochs: readonly number[];
  readonly validation: readonly number[];
}

/** What the losses of a training tell. `isMoving`: whether steps are known to change the weights. */
export function findByLosses(history: History, classes: number | undefined, isMoving: boolean | undefined): Finding[] {
  const losses: Losses = {
    batches: history.batches.loss ?? history.train.loss ?? [],
    epochs: history.train.loss ?? [],
    validation: history.validation.loss ?? [],
  };
  if (losses.batches.length < 2) return [];
  const exploded = explosion(losses);
  if (exploded !== undefined) return [exploded];
  const stuck = stuckAtChance(losses, classes, isMoving);
  return [
    stuck,
    periodic(losses),
    unstableStart(losses),
    oscillation(losses),
    stuck ? undefined : slow(losses),
    overfitting(losses),
  ].filter((found) => found !== undefined);
}

function explosion({ batches }: Losses): Finding | undefined {
  const at = batches.findIndex((loss) => !Number.isFinite(loss));
  if (at >= 0) return finding('rate too large', `the loss is ${batches[at]} from batch ${at + 1} on`);
  const { first, last } = ends(batches);
  const isHigher = last > 1.5 * first && last > 2 * Math.min(...batches);
  return isHigher ? finding('rate too large', `the loss rose from ${short(first)} to ${short(last)}`) : undefined;
}

/** At log(classes) a classifier answers without looking. */
function stuckAtChance(
  { epochs }: Losses,
  classes: number | undefined,
  isMoving: boolean | undefined,
): Finding | undefined {
  if (classes === undefined || epochs.length < 2 || isMoving === false) return undefined;
  const chance = Math.log(classes);
  const late = epochs.slice(Math.floor(epochs.length / 2));
  if (!late.every((loss) => Math.abs(loss - chance) < 0.05 * chance)) return undefined;
  return finding(
    'labels not aligned',
    `the loss stays at ${short(mean(late))}, and log(${classes}) is ${short(chance)}: it answers without looking`,
  );
}

/** In the same order, the batches of every epoch are hard and easy in the same places. */
function periodic({ batches, epochs }: Losses): Finding | undefined {
  const period = batches.length / epochs.length;
  if (!Number.isInteger(period) || period < 6 || epochs.length < 6) return undefined;
  // The first epochs fall too steeply to tell; and what falls within each epoch alike is taken away.
  const late = epochs.flatMap((_, k) =>
    2 * k >= epochs.length ? [withoutTrend(batches.slice(k * period, (k + 1) * period))] : [],
  );
  const similarity = mean(late.slice(1).map((epoch, k) => correlation(epoch, late[k])));
  if (similarity < 0.7) return undefined;
  return finding(
    'not shuffled',
    `the losses of the batches repeat from epoch to epoch: their correlation is ${short(similarity)}`,
  );
}

function unstableStart({ batches }: Losses): Finding | undefined {
  // Means over a hundredth: a batch may be easy or hard by chance.
  const width = Math.max(1, Math.floor(batches.length / 100));
  const means = Array.from({ length: Math.ceil(batches.length / width) }, (_, k) =>
    mean(batches.slice(k * width, (k + 1) * width)),
  );
  const [first] = means;
  const peak = Math.max(...means.slice(0, Math.max(3, Math.ceil(means.length / 10))));
  const { last } = ends(batches);
  if (!(peak > 3 * first && last < first)) return undefined;
  return finding(
    'unstable start',
    `the loss rose from ${short(first)} to ${short(peak)} before it fell to ${short(last)}`,
  );
}

/** After the first quarter, rises that are large against the curve, the loss itself and that at the start, often. */
function oscillation({ epochs }: Losses): Finding | undefined {
  if (epochs.length < 8) return undefined;
  const late = epochs.slice(Math.floor(epochs.length / 4));
  const range = Math.max(...late) - Math.min(...late);
  const least = Math.max(0.2 * range, 0.02 * epochs[0]);
  const rises = late.slice(1).filter((loss, i) => loss - late[i] > Math.max(least, 0.1 * late[i]));
  if (rises.length < 0.2 * (late.length - 1)) return undefined;
  return finding('oscillation', `in ${rises.length} of ${late.length - 1} epochs the loss rose by a tenth or more`);
}

function slow({ epochs }: Losses): Finding | undefined {
  const [first, last] = [epochs[0], epochs[epochs.length - 1]];
  if (epochs.length < 3 || !(Math.abs(first - last) < 0.05 * Math.abs(first))) return undefined;
  return finding(
    'rate too small',
    `in ${epochs.length} epochs the loss went from ${short(first)} to ${short(last)} only`,
  );
}

function overfitting({ epochs, validation }: Losses): Finding | undefined {
  const best = Math.min(...validation);
  const [last, trained] = [validation.at(-1) ?? 0, epochs.at(-1) ?? 0];
  if (validation.length < 3 || !(last > 1.1 * best && last > 1.2 * trained)) return undefined;
  if (trained > epochs[validation.indexOf(best)]) return undefined;
  return finding(
    'overfitting',
    `the held-out loss was ${short(best)} after epoch ${validation.indexOf(best) + 1} and is ${short(last)}, that of training ${short(trained)}`,
  );
}
