import { type DType, dtypeOf, newStorage, type Storage } from './dtype.ts';

/**
 * Large storages that nobody uses any more, kept to be used again: the platform takes longer to make a new one (it zeroes
 * the memory, page by page) than an operation to fill it. Who gives one back promises that no tensor lies in it.
 */
export interface StoragePool {
  /** Storages of fewer entries are not worth it. */
  smallest: number;
  /** Fill what is given back with NaN, so that whoever reads it after all is found out. For tests. */
  poison: boolean;
}

export const pool: StoragePool = { smallest: 4096, poison: false };

/** More bytes than this are left to the garbage collector. */
const MOST_BYTES = 2 ** 28;

const waiting = new Map<string, Storage[]>();
let waitingBytes = 0;
/** What has been taken since, and not been given back. */
interface Taken {
  readonly storages: Set<Storage>;
  readonly outside: Taken | undefined;
}
let taken: Taken | undefined;

const keyOf = (dtype: DType, length: number): string => dtype + length;

/** A storage of this length: an old one with what was left in it, or a new one of zeros. */
export function takeStorage(dtype: DType, length: number): { storage: Storage; used: boolean } {
  if (length < pool.smallest) return { storage: newStorage(dtype, length), used: false };
  const old = waiting.get(keyOf(dtype, length))?.pop();
  if (old !== undefined) waitingBytes -= old.byteLength;
  const storage = old ?? newStorage(dtype, length);
  taken?.storages.add(storage);
  return { storage, used: old !== undefined };
}

/** Keeps a storage for whoever next needs one of its dtype and length. */
export function giveBack(storage: Storage): void {
  for (let scope = taken; scope !== undefined; scope = scope.outside) scope.storages.delete(storage);
  if (waitingBytes + storage.byteLength > MOST_BYTES) return;
  if (pool.poison) storage.fill(Number.NaN);
  const key = keyOf(dtypeOf(storage), storage.length);
  const others = waiting.get(key);
  if (others === undefined) waiting.set(key, [storage]);
  else others.push(storage);
  waitingBytes += storage.byteLength;
}

/** Runs a function, and gives the large storages that were taken meanwhile and not given back. */
export function storagesTaken<T>(run: () => T): { result: T; taken: readonly Storage[] } {
  const outside = taken;
  const scope = { storages: new Set<Storage>(), outside };
  taken = scope;
  try {
    return { result: run(), taken: [...scope.storages] };
  } finally {
    taken = outside;
    for (const storage of scope.storages) outside?.storages.add(storage);
  }
}
