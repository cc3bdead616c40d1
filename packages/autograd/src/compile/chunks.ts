import type { Kernel } from '../kernels/kernel.ts';

/** A range of units: the first, and the one behind the last. */
export type Chunk = readonly [from: number, to: number];

/** What shares chunks out. */
export interface Sharing {
  readonly threads: number;
  /** A chunk takes so many nanoseconds at least: handing a kernel out and meeting again take a few thousand. */
  readonly leastChunk: number;
  /** Of the vectors that kernels compute with. */
  readonly vectorBytes: number;
}

/** What kernels say of their costs holds for vectors of so many bytes. */
const COST_BYTES = 16;
/** For each thread at most so many chunks: one that is slow or comes late takes fewer, and nobody waits long for its last. */
const CHUNKS_PER_THREAD = 8;
/** Chunks grow from a little more than this part of the mean, where there are many. */
const SMALLEST = 0.2;

/**
 * The units of a kernel, cut into chunks that are worth handing out, equally many for each thread if there are enough. They are
 * taken from the last to the first, of which the last is the largest: the smaller what is taken at the end, the less one thread
 * waits for another. Which thread does which units never changes what is computed, so a result does not depend on their number.
 */
export function chunksOf(kernel: Kernel, { threads, leastChunk, vectorBytes }: Sharing): readonly Chunk[] {
  const { units, grain = 1, start: beside = 0 } = kernel;
  const faster = vectorBytes / COST_BYTES;
  const grains = Math.ceil(units / grain);
  const work = (units * kernel.cost) / faster;
  const worthwhile = Math.floor(work / leastChunk);
  const forEach = Math.min(chunksPerThread(work / threads, beside / faster), Math.floor(worthwhile / threads));
  const most = threads === 1 ? 1 : forEach > 0 ? threads * forEach : worthwhile;
  const count = Math.max(1, Math.min(most, grains));
  const share = (chunk: number): number => (forEach > 1 ? growing(chunk / count) : chunk / count);
  const first = (chunk: number): number => Math.min(units, grain * Math.max(chunk, Math.floor(share(chunk) * grains)));
  return Array.from({ length: count }, (_, chunk) => [first(chunk), first(chunk + 1)]);
}

/** Where a chunk begins, as a part of all, if each is larger than the one before by as much. */
function growing(part: number): number {
  return part * (SMALLEST + (1 - SMALLEST) * part);
}

/**
 * How many chunks each thread should take at most, of so many nanoseconds in all and so many beside for each chunk. The fewer,
 * the longer the last one is waited for, half of it on average; the more, the longer takes what is done for each.
 */
function chunksPerThread(nanoseconds: number, beside: number): number {
  const best = Math.round(Math.sqrt(nanoseconds / (2 * beside)));
  return Math.max(1, Math.min(CHUNKS_PER_THREAD, best));
}
