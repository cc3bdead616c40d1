import { adopt } from '../core/allocate.ts';
import { newUnfilledStorage, type Storage } from '../core/dtype.ts';
import { entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from '../kernels/copy.ts';
import { threadCount } from '../kernels/workers.ts';
import type { AnySlot } from '../tape/any-slot.ts';
import type { CopyEntries } from './engine.ts';
import { ProgramMemory } from './memory/program-memory.ts';
import { type StorageType, storageBytes } from './stages.ts';

const arrayTypes = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

let memory: ProgramMemory | undefined;

/** Room for the workspaces of this many bytes must be there before the first program. */
export const WORKSPACE_BYTES: number = 16 * 2 ** 20;

/** Bytes in the longest vector of any engine. */
const LONGEST_VECTOR = 64;

/** The memory of all compiled programs; made with the first. */
export function compiledMemory(): ProgramMemory {
  if (memory === undefined) {
    memory = new ProgramMemory({ margin: LONGEST_VECTOR });
    memory.reserveStart(WORKSPACE_BYTES);
  }
  return memory;
}

/** Threads that a program may use. */
export function programThreads(): number {
  return threadCount();
}

/** A part of the memory, as an array. */
export function arrayAt(address: number, type: StorageType, length: number): Float32Array | Float64Array | Int32Array {
  return compiledMemory().view<Float32Array | Float64Array | Int32Array>(
    arrayTypes[type] as new (
      buffer: ArrayBuffer,
      address: number,
      length: number,
    ) => Float32Array,
    address,
    length,
  );
}

const setEntries: CopyEntries = (target, source) => target.set(source);

/** Entries that are copied between tensors and the memory: always in reading order. */
export function writeEntries(x: Tensor, target: Storage, copy: CopyEntries = setEntries): void {
  const { storage, offset, length } = inReadingOrder(x);
  copy(target, offset === 0 && storage.length === length ? storage : storage.subarray(offset, offset + length));
}

/** A tensor that looks into the memory, with entries of its own. */
export function copyOut(x: Tensor, copy?: CopyEntries): Tensor {
  const entries = newUnfilledStorage(x.dtype, x.length);
  writeEntries(x, entries, copy);
  return adopt(entries, x.shape, x.dtype);
}

/** The place in the memory of what a slot holds. */
export interface Home {
  readonly address: number;
  readonly type: StorageType;
  readonly fetch: () => Tensor;
  /** The slot's version that lies here. */
  version: number;
}

const homes = new WeakMap<AnySlot, Home>();
const gone = new FinalizationRegistry<number>((address) => compiledMemory().free(address));

/** The home of a slot that holds a tensor like this. It stays as long as the slot does. */
export function homeOf(slot: AnySlot, like: Pick<Tensor, 'shape' | 'dtype'>, type: StorageType): Home {
  const known = homes.get(slot);
  if (known?.type === type) return known;
  const length = entriesOf(like.shape);
  const address = compiledMemory().allocate(length * storageBytes[type]);
  const home: Home = {
    address,
    type,
    fetch: () => copyOut(adopt(arrayAt(address, type, length), like.shape, like.dtype)),
    version: -1,
  };
  homes.set(slot, home);
  gone.register(slot, address);
  return home;
}
