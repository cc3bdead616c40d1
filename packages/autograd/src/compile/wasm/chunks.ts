import type { Kernel } from '../../kernels/kernel.ts';

/** A range of units: the first, and the one behind the last. */
export type Share = readonly [from: number, to: number];

/** Below so many nanoseconds a kernel is not shared: handing it out and meeting again take a few thousand. */
const WORTH_SHARING = 30_000;
/** Below so many nanoseconds to be shared, a segment is not: helpers sleep between segments, and waking takes about half. */
const WORTH_WAKING = 100_000;

/** The shares of every kernel of a segment. */
export function sharesOfSegment(segment: readonly Kernel[], threads: number): readonly (readonly Share[])[] {
  const shares = segment.map((kernel) => sharesOf(kernel, threads));
  const work = segment.map(({ units, cost }, i) => (shares[i].length > 1 ? units * cost : 0));
  const isWorthWaking = work.reduce((sum, nanoseconds) => sum + nanoseconds, 0) >= WORTH_WAKING;
  return isWorthWaking ? shares : segment.map((kernel) => sharesOf(kernel, 1));
}

/**
 * The units of a kernel, cut into a share for each thread that is worth having, the calling one first. Which thread does
 * which units never changes what is computed, so a result does not depend on the number of threads.
 */
export function sharesOf({ units, cost, grain = 1 }: Kernel, threads: number): readonly Share[] {
  const grains = Math.ceil(units / grain);
  const worthwhile = Math.floor((2 * units * cost) / WORTH_SHARING);
  const count = Math.max(1, Math.min(threads, grains, worthwhile));
  const start = (share: number): number => Math.min(units, grain * Math.floor((share * grains) / count));
  return Array.from({ length: count }, (_, share) => [start(share), start(share + 1)]);
}
