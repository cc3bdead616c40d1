import type { DType, Storage } from '../../core/dtype.ts';
import { pool, type StorageSource, WaitingStorages } from '../../core/storage-pool.ts';
import { threadCount } from '../workers.ts';
import { LARGEST_PAGES, WorkMemory } from './work-memory.ts';

/** Storages begin at multiples of this: a line of the cache. */
const LINE_BYTES = 64;

export interface NearMemoryOptions {
  readonly largestPages: number;
  /** At the beginning, for the threads. */
  readonly workspaceBytes: number;
  /** Behind the workspaces, for storages. */
  readonly storageBytes: number;
}

/**
 * A memory that threads share, with storages of tensors in it, so that kernels read and write those where they are. Who takes
 * storages gives them all back; what is forgotten is room lost until the garbage collector finds it.
 */
export class NearMemory extends WorkMemory implements StorageSource {
  readonly #startOfStorages: number;
  /** Buffers that this memory has had: it has another each time it grows. */
  readonly #buffers = new WeakSet<ArrayBufferLike>();
  readonly #waiting = new WaitingStorages();
  /** Where the next storage begins. */
  #next: number;
  /** Storages that are in somebody's hands. */
  #held = 0;
  /** Counts how often the room of all storages was given away anew. */
  #round = 0;
  readonly #forgotten = new FinalizationRegistry<number>((round) => {
    if (round === this.#round) this.#held--;
  });

  constructor({ largestPages, workspaceBytes, storageBytes }: NearMemoryOptions) {
    super({ largestPages, shared: true, startOfRoom: workspaceBytes + storageBytes });
    this.#startOfStorages = workspaceBytes;
    this.#next = workspaceBytes;
  }

  override holds({ buffer }: Storage): boolean {
    return this.#buffers.has(buffer);
  }

  take(dtype: DType, length: number): Storage | undefined {
    if (length < pool.smallestNear || (dtype !== 'float32' && dtype !== 'float64')) return undefined;
    const storage = this.#waiting.take(dtype, length) ?? this.#make(dtype, length);
    if (storage) this.#held++;
    return storage;
  }

  giveBack(storage: Storage): void {
    this.#waiting.add(storage);
    this.#held--;
  }

  #make(dtype: 'float32' | 'float64', length: number): Storage | undefined {
    const Numbers = dtype === 'float32' ? Float32Array : Float64Array;
    const bytes = Math.ceil((length * Numbers.BYTES_PER_ELEMENT) / LINE_BYTES) * LINE_BYTES;
    if (!this.#hasRoom(bytes) && this.#held === 0) this.#startAfresh();
    if (!this.#hasRoom(bytes) || !this.reserve(this.startOfRoom)) return undefined;
    const { buffer } = this.memory;
    const storage = new Numbers(buffer, this.#next, length);
    this.#buffers.add(buffer);
    this.#forgotten.register(storage, this.#round);
    this.#next += bytes;
    return storage;
  }

  #hasRoom(bytes: number): boolean {
    return this.#next + bytes <= this.startOfRoom;
  }

  #startAfresh(): void {
    this.#waiting.clear();
    this.#next = this.#startOfStorages;
    this.#round++;
  }
}

/** Enough for as many threads as there may be. */
const WORKSPACE_BYTES = 2 ** 24;
/** Enough for what batches of sequences keep for their way back, most of the time. */
const STORAGE_BYTES = 2 ** 26;

let made: NearMemory | null | undefined;

/** The memory that the threads of this one share; nothing where it works by itself. */
export function nearMemory(): NearMemory | undefined {
  if (made === undefined) made = tryToMake() ?? null;
  return made ?? undefined;
}

function tryToMake(): NearMemory | undefined {
  if (threadCount() === 1) return undefined;
  try {
    const sizes = { workspaceBytes: WORKSPACE_BYTES, storageBytes: STORAGE_BYTES };
    return new NearMemory({ largestPages: LARGEST_PAGES, ...sizes });
  } catch {
    // There may be no WebAssembly, or no address space.
    return undefined;
  }
}

/** Whether a storage lies there. */
export function isNear(storage: Storage): boolean {
  return made?.holds(storage) ?? false;
}
