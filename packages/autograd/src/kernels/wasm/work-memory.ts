import type { FloatArray } from '../product/contraction.ts';
import { maximumPages } from './assembler.ts';

const PAGE_BYTES = 65536;

/** The memory that WebAssembly computes in. It grows as needed and is never given back. */
export class WorkMemory {
  readonly memory: WebAssembly.Memory;
  #views: { float32: Float32Array; float64: Float64Array };

  constructor(largestPages: number = maximumPages) {
    this.memory = new WebAssembly.Memory({ initial: 0, maximum: largestPages });
    this.#views = viewsOf(this.memory);
  }

  /** Makes room for so many bytes; false if that is not possible. */
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
}

function viewsOf({ buffer }: WebAssembly.Memory): { float32: Float32Array; float64: Float64Array } {
  return { float32: new Float32Array(buffer), float64: new Float64Array(buffer) };
}
