import { performance } from 'node:perf_hooks';
import { rand } from '@gradtape/autograd';
import { type CompileOptions, compile } from '@gradtape/autograd/compile';

/** What the machine can do at most, measured here and now, on one thread. */
export interface Peaks {
  /** Floating-point operations in a millisecond, of a product of large square matrices. */
  readonly operations: number;
  /** Bytes read and written in a millisecond, of a copy that moves so many. */
  copied(bytes: number): number;
}

const SIZE = 512;
const REPETITIONS = 5;
const SMALLEST_COPY = 4096;
const COPY_MS = 20;

export function measurePeaks(options: CompileOptions): Peaks {
  const multiply = compile(() => rand([SIZE, SIZE]).matmul(rand([SIZE, SIZE])), options);
  multiply();
  // The machine is at its peak only now and then, if others work on it too.
  const rates = Array.from({ length: REPETITIONS }, () => multiply.explain()).flatMap(({ stages, times }) =>
    stages.map(({ operations }, k) => operations / (times[k] as number)),
  );
  multiply.dispose();
  const copies = new Map<number, number>();
  return {
    operations: Math.max(...rates),
    copied(bytes) {
      const size = 2 ** Math.round(Math.log2(Math.max(bytes, SMALLEST_COPY)));
      const known = copies.get(size) ?? copyRate(size);
      copies.set(size, known);
      return known;
    },
  };
}

/** Half of the bytes are read, half written. */
function copyRate(bytes: number): number {
  const source = new Float32Array(bytes / 8).fill(1);
  const target = new Float32Array(source.length);
  let fastest = Infinity;
  const end = performance.now() + COPY_MS;
  do {
    const before = performance.now();
    for (let i = 0; i < 16; i++) target.set(source);
    fastest = Math.min(fastest, (performance.now() - before) / 16);
  } while (performance.now() < end);
  return bytes / fastest;
}
