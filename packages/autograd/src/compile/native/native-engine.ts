import type { Tile } from '../../kernels/product/tile.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import { NativeFailure } from './failure.ts';
import { findNativeLibraries, type NativeLibraries } from './native-libraries.ts';
import { programSource, type Segments } from './program-source.ts';
import { type NativeValue, ownSurroundings, type Surroundings } from './surroundings.ts';
import { threadPoolSource } from './thread-pool.ts';

/** A compiled program. Both functions return when all is done. */
export interface NativeProgram {
  /** Runs the kernels of a segment in order. */
  run(segment: number): void;
  /** Runs one kernel, counted through all segments, on the calling thread. */
  runKernel(kernel: number): void;
}

/** Vector registers, and the block of a product that they hold. */
export interface Machine {
  readonly vectorBytes: number;
  readonly tile: Tile;
}

/** By what a compiler says of its processor; the first that holds. */
const machines: readonly (Machine & { readonly macro: string })[] = [
  { macro: '__AVX512F__', vectorBytes: 64, tile: { rows: 8, vectors: 2, depths: 4 } },
  { macro: '__AVX2__', vectorBytes: 32, tile: { rows: 6, vectors: 2, depths: 4 } },
  { macro: '__ARM_NEON', vectorBytes: 16, tile: { rows: 8, vectors: 2, depths: 4 } },
];
const anyMachine: Machine = { vectorBytes: 16, tile: { rows: 4, vectors: 2 } };

/** Compiles kernels with the machine's own compiler. */
export class NativeEngine {
  readonly tile: Tile;
  readonly #libraries: NativeLibraries;
  readonly #vectorBytes: number;

  constructor(libraries: NativeLibraries, machine: Machine) {
    this.tile = machine.tile;
    this.#libraries = libraries;
    this.#vectorBytes = machine.vectorBytes;
  }

  lanes(elementType: ElementType): number {
    return Math.max(1, this.#vectorBytes / (elementType === 'float32' ? 4 : 8));
  }

  /** Copies as many entries as the target has; both are of one type. */
  copying(threads: number): ((target: ArrayBufferView, source: ArrayBufferView) => void) | NativeFailure {
    return this.#libraries.load(threadPoolSource, (library) => {
      const copy = library.func('void gradtape_copy(void *to, const void *from, int64_t bytes, int threads)');
      return (target: ArrayBufferView, source: ArrayBufferView) =>
        void copy(target, source, target.byteLength, threads);
    });
  }

  /**
   * Compiles kernels for a memory that `memory` gives at each run. It should begin at a multiple of 64 bytes, as the
   * memory of WebAssembly does. Threads are numbered from 0 to `threads` - 1, the caller being 0.
   */
  build(segments: Segments, memory: () => Uint8Array, threads: number): NativeProgram | NativeFailure {
    const share = this.#libraries.load(
      threadPoolSource,
      (library): NativeValue => library.func('void *gradtape_share(void)')(),
    );
    if (share instanceof NativeFailure) return share;
    const source = programSource(segments, {
      tile: this.tile,
      lanes: (elementType) => this.lanes(elementType),
      threads,
    });
    return this.#libraries.load(source, (library): NativeProgram => {
      const run = library.func('void gradtape_run(void *memory, int segment, int threads, void *share)');
      const runKernel = library.func('void gradtape_run_kernel(void *memory, int kernel)');
      return {
        run: (segment) => void run(memory(), segment, threads, share),
        runKernel: (kernel) => void runKernel(memory(), kernel),
      };
    });
  }
}

/** The engine of this machine, or why there is none. */
export function findNativeEngine(surroundings: Surroundings = ownSurroundings): NativeEngine | NativeFailure {
  const libraries = findNativeLibraries(surroundings);
  if (libraries instanceof NativeFailure) return libraries;
  return new NativeEngine(libraries, machines.find(({ macro }) => libraries.defines(macro)) ?? anyMachine);
}

/** Compiles kernels with the machine's own compiler, or tells why not. */
export function buildNative(
  segments: Segments,
  memory: () => Uint8Array,
  threads: number,
  surroundings: Surroundings = ownSurroundings,
): NativeProgram | NativeFailure {
  const engine = findNativeEngine(surroundings);
  return engine instanceof NativeFailure ? engine : engine.build(segments, memory, threads);
}
