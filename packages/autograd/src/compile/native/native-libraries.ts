import { type Compiler, findCompiler } from './compiler.ts';
import { NativeFailure } from './failure.ts';
import { LibraryCache } from './library-cache.ts';
import { type Koffi, ownSurroundings, type Surroundings } from './surroundings.ts';

/** A shared library that was loaded. */
export type NativeLibrary = ReturnType<Koffi['load']>;

/** Makes shared libraries from C, and loads them. */
export class NativeLibraries {
  readonly #koffi: Koffi;
  readonly #compiler: Compiler;
  readonly #cache: LibraryCache;

  constructor(koffi: Koffi, compiler: Compiler, cache: LibraryCache) {
    this.#koffi = koffi;
    this.#compiler = compiler;
    this.#cache = cache;
  }

  /** Whether the compiler defines this name (`__AVX2__`) when it compiles for this processor. */
  defines(name: string): boolean {
    return this.#compiler.defines(name);
  }

  /** What `bind` makes of the library of this source. */
  load<T>(source: string, bind: (library: NativeLibrary) => T): T | NativeFailure {
    const build = (library: string): NativeFailure | undefined => this.#compiler.build(source, library);
    const load = (library: string): T => bind(this.#koffi.load(library));
    try {
      return this.#cache.use(`${this.#compiler.identity}\n${source}`, build, load);
    } catch (error) {
      return new NativeFailure('build failed', {
        got: firstLine(error),
        needs: 'a folder for what is built, from which libraries can be loaded',
        fix: 'let XDG_CACHE_HOME name a folder of yours, on a disk that may hold programs',
      });
    }
  }
}

const found = new WeakMap<Surroundings, NativeLibraries | NativeFailure>();

/** Finds a compiler and koffi, which calls what it builds. It looks once. */
export function findNativeLibraries(surroundings: Surroundings = ownSurroundings): NativeLibraries | NativeFailure {
  const libraries = found.get(surroundings) ?? lookForLibraries(surroundings);
  found.set(surroundings, libraries);
  return libraries;
}

function lookForLibraries(surroundings: Surroundings): NativeLibraries | NativeFailure {
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
  return new NativeLibraries(koffi, compiler, new LibraryCache(node, surroundings));
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

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0];
}
