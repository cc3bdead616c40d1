import type { Tile } from '../../kernels/product/tile.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import { type Compiler, findCompiler } from './compiler.ts';
import { NativeFailure } from './failure.ts';
import { LibraryCache } from './library-cache.ts';
import { programSource, type Segments } from './program-source.ts';
import { type Koffi, type NativeValue, ownSurroundings, type Surroundings } from './surroundings.ts';
import { threadPoolSource } from './thread-pool.ts';

/** A compiled program. Both functions return when all is done. */
export interface NativeProgram {
  /** Runs the kernels of a segment in order. */
  run(segment: number): void;
  /** Runs one kernel, counted through all segments. */
  runKernel(kernel: number): void;
}

/** A machine's own compiler, and what kernels must know of the vectors that it writes. */
export interface NativeEngine {
  lanes(elementType: ElementType): number;
  /** The block of a product that the vector registers hold. */
  readonly tile: Tile;
  /**
   * Compiles kernels for a memory that `memory` gives at each run. It should begin at a multiple of 64 bytes, as the
   * memory of WebAssembly does. Threads are numbered from 0 to `threads` - 1, the caller being 0.
   */
  build(segments: Segments, memory: () => Uint8Array, threads: number): NativeProgram | NativeFailure;
}

const found = new WeakMap<Surroundings, NativeEngine | NativeFailure>();

/** Finds the compiler and koffi, which calls what it builds. It looks once. */
export function findNativeEngine(surroundings: Surroundings = ownSurroundings): NativeEngine | NativeFailure {
  const engine = found.get(surroundings) ?? lookForEngine(surroundings);
  found.set(surroundings, engine);
  return engine;
}

function lookForEngine(surroundings: Surroundings): NativeEngine | NativeFailure {
  const { node } = surroundings;
  if (!node) {
    return new NativeFailure('not Node', {
      got: 'a runtime without the modules of Node',
      needs: 'Node 20.19 or newer',
      fix: 'compile to WebAssembly here',
    });
  }
  const koffi = findKoffi(surroundings);
  if (koffi instanceof NativeFailure) return koffi;
  const compiler = findCompiler(node, surroundings);
  if (compiler instanceof NativeFailure) return compiler;
  return new CEngine(koffi, compiler, new LibraryCache(node, surroundings));
}

/** Compiles kernels by the machine's own compiler, or tells why not. */
export function buildNative(
  segments: Segments,
  memory: () => Uint8Array,
  threads: number,
  surroundings: Surroundings = ownSurroundings,
): NativeProgram | NativeFailure {
  const engine = findNativeEngine(surroundings);
  return engine instanceof NativeFailure ? engine : engine.build(segments, memory, threads);
}

function findKoffi(surroundings: Surroundings): Koffi | NativeFailure {
  try {
    return surroundings.loadKoffi();
  } catch (error) {
    return new NativeFailure('no koffi', {
      got: `no package koffi (${firstLine(error)})`,
      needs: 'koffi 3, which calls compiled code',
      fix: 'npm install koffi',
    });
  }
}

/** Bytes of a vector, and how many of them a product holds: by what the compiler says of the processor. */
const machines: readonly { readonly macro: string; readonly vectorBytes: number; readonly tile: Tile }[] = [
  { macro: '__AVX512F__', vectorBytes: 64, tile: { rows: 8, vectors: 2 } },
  { macro: '__AVX2__', vectorBytes: 32, tile: { rows: 6, vectors: 2 } },
  { macro: '__ARM_NEON', vectorBytes: 16, tile: { rows: 8, vectors: 2 } },
];
const anyMachine = { vectorBytes: 16, tile: { rows: 4, vectors: 2 } };

class CEngine implements NativeEngine {
  readonly tile: Tile;
  readonly #vectorBytes: number;
  readonly #koffi: Koffi;
  readonly #compiler: Compiler;
  readonly #cache: LibraryCache;
  #share: NativeValue | NativeFailure;

  constructor(koffi: Koffi, compiler: Compiler, cache: LibraryCache) {
    const machine = machines.find(({ macro }) => compiler.defines(macro)) ?? anyMachine;
    this.tile = machine.tile;
    this.#vectorBytes = machine.vectorBytes;
    this.#koffi = koffi;
    this.#compiler = compiler;
    this.#cache = cache;
  }

  lanes(elementType: ElementType): number {
    return this.#vectorBytes / (elementType === 'float32' ? 4 : 8);
  }

  build(segments: Segments, memory: () => Uint8Array, threads: number): NativeProgram | NativeFailure {
    const share = this.#sharing();
    if (share instanceof NativeFailure) return share;
    const source = programSource(segments, (elementType) => this.lanes(elementType));
    return this.#load(source, (library) => {
      const parameters = '(void *memory, int number, int threads, void *share)';
      const run = library.func(`void gradtape_run${parameters}`);
      const runKernel = library.func(`void gradtape_run_kernel${parameters}`);
      return {
        run: (segment) => void run(memory(), segment, threads, share),
        runKernel: (kernel) => void runKernel(memory(), kernel, threads, share),
      };
    });
  }

  /** The address of the pool's function. */
  #sharing(): NativeValue | NativeFailure {
    this.#share ??= this.#load(threadPoolSource, (library) => library.func('void *gradtape_share(void)')());
    return this.#share;
  }

  #load<T>(source: string, load: (library: ReturnType<Koffi['load']>) => T): T | NativeFailure {
    const build = (library: string): NativeFailure | undefined => this.#compiler.build(source, library);
    try {
      return this.#cache.use(`${this.#compiler.identity}\n${source}`, build, (library) =>
        load(this.#koffi.load(library)),
      );
    } catch (error) {
      return new NativeFailure('build failed', {
        got: firstLine(error),
        needs: 'a folder for what was built, from which libraries can be loaded',
        fix: 'let XDG_CACHE_HOME name a folder of yours, on a disk that may hold programs',
      });
    }
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0];
}
