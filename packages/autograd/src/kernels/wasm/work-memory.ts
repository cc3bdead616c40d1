import type { Storage } from '../../core/dtype.ts';
import type { FloatArray } from '../product/contraction.ts';
import { maximumPages, memoryImport } from './assembler.ts';

const PAGE_BYTES = 65536;
/** More pages than this (1 GiB) are not asked for where eager operations compute: larger products are done in parts. */
export const LARGEST_PAGES = 16384;

export interface WorkMemoryOptions {
  /** Pages of 64 KiB that it may grow to. */
  readonly largestPages?: number;
  /** Whether threads may share it. */
  readonly shared?: boolean;
  /** Where what calls bring begins, in bytes: a multiple of any element's. Default: 0. */
  readonly startOfRoom?: number;
}

export interface MemoryImports {
  readonly [module: string]: { readonly [name: string]: WebAssembly.Memory };
}

/** The memory that WebAssembly computes in. It grows as needed and is never given back. */
export class WorkMemory {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly startOfRoom: number;
  #views: { float32: Float32Array; float64: Float64Array };

  constructor({ largestPages = maximumPages, shared = false, startOfRoom = 0 }: WorkMemoryOptions = {}) {
    this.memory = new WebAssembly.Memory({ initial: 0, maximum: largestPages, shared });
    this.shared = shared;
    this.startOfRoom = startOfRoom;
    this.#views = viewsOf(this.memory);
  }

  /** What a module imports that computes in this memory. */
  get imports(): MemoryImports {
    return { [memoryImport.module]: { [memoryImport.name]: this.memory } };
  }

  /** Makes room for so many bytes, those before the room among them; false if that is not possible. */
  reserve(bytes: number): boolean {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing <= 0) return true;
    try {
      this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch {
      return false;
    }
    this.#views = viewsOf(this.memory);
    return true;
  }

  /** The whole memory as an array of the same type as `like`. Valid until the next `reserve`. */
  viewLike(like: FloatArray): FloatArray {
    return like instanceof Float32Array ? this.#views.float32 : this.#views.float64;
  }

  /** Whether a storage lies in it. */
  holds({ buffer }: Storage): boolean {
    return buffer === this.memory.buffer;
  }
}

/** Where an entry of an array lies in the memory that the array is a part of, in entries. */
export function placeInMemory({ byteOffset, BYTES_PER_ELEMENT }: Storage, offset: number): number {
  return byteOffset / BYTES_PER_ELEMENT + offset;
}

function viewsOf({ buffer }: WebAssembly.Memory): { float32: Float32Array; float64: Float64Array } {
  return { float32: new Float32Array(buffer), float64: new Float64Array(buffer) };
}
