import { assembleModule, type FunctionCode, type FunctionImport } from './assembler.ts';

/** The name under which a module imports the library that `call` of `VectorMath` calls: `numbers` has all of it. */
export const libraryImport = 'library';

/** A module while it is being written; writers for both types of elements may write into the same one. */
export class WasmModule {
  readonly #functions: FunctionCode[] = [];
  readonly #library = new Map<string, FunctionImport>();

  add(code: FunctionCode): void {
    this.#functions.push(code);
  }

  /** A function of the library, imported when it is first asked for. */
  libraryFunction(name: string, arity: number): FunctionImport {
    const known = this.#library.get(name);
    if (known) return known;
    const imported = { module: libraryImport, name, arity };
    this.#library.set(name, imported);
    return imported;
  }

  /** The binary of all that is written so far. */
  bytes(sharedMemory = false): Uint8Array<ArrayBuffer> {
    return assembleModule(this.#functions, { imports: [...this.#library.values()], sharedMemory });
  }
}
