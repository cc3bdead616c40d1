import type { Kernel } from '../../kernels/kernel.ts';

/** A range of units: the first, and the one behind the last. */
export type Chunk = readonly [from: number, to: number];

/** For each thread at most so many chunks: one that is slow or comes late takes fewer, and nobody waits long for its last. */
const CHUNKS_PER_THREAD = 8;
/** A chunk takes so many nanoseconds at least: handing a kernel out and meeting again take a few thousand. */
const LEAST_CHUNK = 20_000;
/** Below so many nanoseconds to be shared, a segment is not: helpers sleep between segments, and waking takes about half. */
const WORTH_WAKING = 100_000;

/**
 * How many chunks each thread should take at most, of so many nanoseconds in all and so many beside for each chunk. The fewer,
 * the longer the last one is waited for, half of it on average; the more, the longer takes what is done for each.
 */
function chunksPerThread(nanoseconds: number, beside: number): number {
  const best = Math.round(Math.sqrt(nanoseconds / (2 * beside)));
  return Math.max(1, Math.min(CHUNKS_PER_THREAD, best));
}

/** The chunks of every kernel of a segment; one for a kernel that is not shared. */
export function chunksOfSegment(segment: readonly Kernel[], threads: number): readonly (readonly Chunk[])[] {
  const chunks = segment.map((kernel) => chunksOf(kernel, threads));
  const work = segment.map(({ units, cost }, i) => (chunks[i].length > 1 ? units * cost : 0));
  const isWorthWaking = work.reduce((sum, nanoseconds) => sum + nanoseconds, 0) >= WORTH_WAKING;
  return isWorthWaking ? chunks : segment.map((kernel) => chunksOf(kernel, 1));
}

/**
 * The units of a kernel, cut into chunks that are worth handing out, equally many for each thread if there are enough.
 * Which thread does which units never changes what is computed, so a result does not depend on the number of threads.
 */
export function chunksOf({ units, cost, start: beside = 0, grain = 1 }: Kernel, threads: number): readonly Chunk[] {
  const grains = Math.ceil(units / grain);
  const work = units * cost;
  const worthwhile = Math.floor(work / LEAST_CHUNK);
  const forEach = Math.min(chunksPerThread(work / threads, beside), Math.floor(worthwhile / threads));
  const most = threads === 1 ? 1 : forEach > 0 ? threads * forEach : worthwhile;
  const count = Math.max(1, Math.min(most, grains));
  const start = (chunk: number): number => Math.min(units, grain * Math.floor((chunk * grains) / count));
  return Array.from({ length: count }, (_, chunk) => [start(chunk), start(chunk + 1)]);
}
