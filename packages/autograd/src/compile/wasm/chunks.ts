import type { Kernel } from '../../kernels/kernel.ts';
import { vectorBytes } from '../../kernels/wasm/assembler.ts';
import { type Chunk, chunksOf, type Sharing } from '../chunks.ts';

const LEAST_CHUNK = 20_000;
/** Below so many nanoseconds to be shared, a segment is not: helpers sleep between segments, and waking takes about half. */
const WORTH_WAKING = 100_000;

/** The chunks of every kernel of a segment; one for a kernel that is not shared. */
export function chunksOfSegment(segment: readonly Kernel[], threads: number): readonly (readonly Chunk[])[] {
  // Where pairs of vectors are computed at once, not all that a kernel does takes less time.
  const sharing: Sharing = { threads, leastChunk: LEAST_CHUNK, vectorBytes };
  const chunks = segment.map((kernel) => chunksOf(kernel, sharing));
  const work = segment.map(({ units, cost }, i) => (chunks[i].length > 1 ? units * cost : 0));
  const isWorthWaking = work.reduce((sum, nanoseconds) => sum + nanoseconds, 0) >= WORTH_WAKING;
  return isWorthWaking ? chunks : segment.map((kernel) => chunksOf(kernel, { ...sharing, threads: 1 }));
}
