import { fail } from '../../core/errors.ts';
import { maximumPages, memoryImport } from '../../kernels/wasm/assembler.ts';
import type { MemoryImports } from '../../kernels/wasm/work-memory.ts';
import { canShareMemory } from '../../kernels/workers.ts';
import { FreeList } from './free-list.ts';

const PAGE_BYTES = 65536;
/** Arrays begin where a line of the processor's cache does, so that threads that share an array share few lines. */
const ALIGNMENT = 64;

export interface ProgramMemoryOptions {
  /** Pages of 64 KiB that it may grow to, if the runtime grants so many. */
  readonly largestPages?: number;
  /** Whether threads may share it. Default: wherever that is possible. */
  readonly shared?: boolean;
  /** Bytes that may be read behind the last array: vectors run over its end. Default: 0. */
  readonly margin?: number;
}

/** A constructor of typed arrays. */
export type ArrayType<A> = new (buffer: ArrayBuffer, address: number, length: number) => A;

/** The memory in which compiled programs compute. It grows as needed; what is freed in it is used again. */
export class ProgramMemory {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  readonly largestBytes: number;
  readonly #free: FreeList = new FreeList();
  readonly #sizes: Map<number, number> = new Map();
  readonly #margin: number;
  #reserved = 0;
  #end = 0;
  #growths = 0;

  constructor({ largestPages = maximumPages, shared = canShareMemory(), margin = 0 }: ProgramMemoryOptions = {}) {
    this.#margin = margin;
    const { memory, pages } = largestMemory(largestPages, shared);
    this.memory = memory;
    this.shared = shared;
    this.largestBytes = pages * PAGE_BYTES;
  }

  /** What is allocated and not freed. */
  get allocatedBytes(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  /** What a module imports that computes in this memory. */
  get imports(): MemoryImports {
    return { [memoryImport.module]: { [memoryImport.name]: this.memory } };
  }

  /** How often views have become invalid: memory that is not shared moves when it grows. */
  get generation(): number {
    return this.shared ? 0 : this.#growths;
  }

  /** Keeps so many bytes at address 0 for the workspaces of threads. Before the first `allocate`, or within what was kept. */
  reserveStart(bytes: number): void {
    if (bytes <= this.#reserved) return;
    if (this.#end > this.#reserved) {
      fail('ProgramMemory.reserveStart', {
        got: `${bytes} bytes to be kept at the start, where arrays lie already`,
        needs: `at most the ${this.#reserved} bytes that were kept before the first array`,
        fix: 'reserve the largest workspace of any engine before anything is allocated',
      });
    }
    this.#grow(aligned(bytes), 'ProgramMemory.reserveStart');
    this.#reserved = aligned(bytes);
    this.#end = this.#reserved;
  }

  /**
   * The address of so many bytes, a multiple of 64. They hold anything. Views taken before may have become invalid.
   * @throws GradtapeError if the memory cannot grow so far.
   */
  allocate(bytes: number): number {
    const size = aligned(Math.max(bytes, 1));
    const address = this.#free.take(size) ?? this.#append(size);
    this.#sizes.set(address, size);
    return address;
  }

  /** Gives back what `allocate` gave. */
  free(address: number): void {
    const size =
      this.#sizes.get(address) ??
      fail('ProgramMemory.free', {
        got: `address ${address}, where nothing is allocated`,
        needs: 'an address that allocate has given and that was not freed since',
        fix: 'free each address once',
      });
    this.#sizes.delete(address);
    this.#free.give(address, address + size);
  }

  /** `length` elements from an address on, as an array. Where `generation` changes, it must be taken again. */
  view<A>(type: ArrayType<A>, address: number, length: number): A {
    return new type(this.memory.buffer, address, length);
  }

  /** Behind all that was ever allocated; a free block at the end is part of it. */
  #append(size: number): number {
    const last = this.#free.blocks.at(-1);
    const start = last?.end === this.#end ? last.start : this.#end;
    this.#grow(start + size + this.#margin, 'ProgramMemory.allocate');
    this.#free.give(this.#end, start + size);
    this.#end = start + size;
    return this.#free.take(size) ?? start;
  }

  #grow(bytes: number, operation: string): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.memory.grow(Math.ceil(missing / PAGE_BYTES));
      this.#growths++;
    } catch {
      fail(operation, {
        got: `a program that needs ${mebibytes(missing)} more than the ${mebibytes(this.memory.buffer.byteLength)} there are`,
        needs: `no more than ${mebibytes(this.largestBytes)} in all, and that the runtime grants them`,
        fix: 'use smaller batches, or dispose of compiled functions that are no longer called',
      });
    }
  }
}

/** A memory that may grow to so many pages, or to half as many, … where the runtime refuses. */
function largestMemory(pages: number, shared: boolean): { memory: WebAssembly.Memory; pages: number } {
  try {
    return { memory: new WebAssembly.Memory({ initial: 0, maximum: pages, shared }), pages };
  } catch (error) {
    if (pages <= 1) throw error;
    return largestMemory(Math.ceil(pages / 2), shared);
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
