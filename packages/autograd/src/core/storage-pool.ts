import { type DType, dtypeCode, dtypeOf, newStorage, type Storage } from './dtype.ts';

/**
 * Large storages that nobody uses any more, kept to be used again: the platform takes longer to make a new one (it zeroes
 * the memory, page by page) than an operation to fill it. Who gives one back promises that no tensor lies in it.
 */
export interface StoragePool {
  /** Storages of fewer entries are not worth it. */
  smallest: number;
  /** Nor are those of fewer entries in the memory of kernels, which copy so few as fast as they find them. */
  smallestNear: number;
  /** Fill what is given back with NaN, so that whoever reads it after all is found out. For tests. */
  poison: boolean;
}

export const pool: StoragePool = { smallest: 4096, smallestNear: 256, poison: false };

/** A place that has storages to give, such as the memory in which kernels compute. */
export interface StorageSource {
  /** A storage with anything in it; undefined where there is no room for it. */
  take(dtype: DType, length: number): Storage | undefined;
  /** Takes one back that came from here. */
  giveBack(storage: Storage): void;
}

/** Storages that wait to be used again, by dtype and length. */
export class WaitingStorages {
  readonly #lists = new Map<number, Storage[]>();

  take(dtype: DType, length: number): Storage | undefined {
    return this.#lists.get(keyOf(dtype, length))?.pop();
  }

  add(storage: Storage): void {
    const key = keyOf(dtypeOf(storage), storage.length);
    const others = this.#lists.get(key);
    if (others === undefined) this.#lists.set(key, [storage]);
    else others.push(storage);
  }

  clear(): void {
    this.#lists.clear();
  }
}

const keyOf = (dtype: DType, length: number): number => 4 * length + dtypeCode(dtype);

/** More bytes than this are left to the garbage collector. */
const MOST_BYTES = 2 ** 28;

const waiting = new WaitingStorages();
let waitingBytes = 0;
/** Where storages are taken from first. */
let source: StorageSource | undefined;
/** Whom storages belong to that are not the platform's own. */
const sources = new WeakMap<Storage, StorageSource>();
/** What has been taken since, and not been given back. */
interface Taken {
  readonly storages: Set<Storage>;
  readonly outside: Taken | undefined;
}
let taken: Taken | undefined;

/** A storage of this length: an old one with what was left in it, or a new one of zeros. */
export function takeStorage(dtype: DType, length: number): { storage: Storage; used: boolean } {
  const given = takeFromSource(dtype, length);
  if (given === undefined && length < pool.smallest) return { storage: newStorage(dtype, length), used: false };
  const old = given ?? takeWaiting(dtype, length);
  const storage = old ?? newStorage(dtype, length);
  taken?.storages.add(storage);
  return { storage, used: old !== undefined };
}

function takeFromSource(dtype: DType, length: number): Storage | undefined {
  const storage = source?.take(dtype, length);
  if (source && storage) sources.set(storage, source);
  return storage;
}

function takeWaiting(dtype: DType, length: number): Storage | undefined {
  const old = waiting.take(dtype, length);
  if (old !== undefined) waitingBytes -= old.byteLength;
  return old;
}

/** Keeps a storage for whoever next needs one of its dtype and length. */
export function giveBack(storage: Storage): void {
  for (let scope = taken; scope !== undefined; scope = scope.outside) scope.storages.delete(storage);
  if (pool.poison) storage.fill(Number.NaN);
  const owner = sources.get(storage);
  if (owner !== undefined) owner.giveBack(storage);
  else if (waitingBytes + storage.byteLength <= MOST_BYTES) {
    waiting.add(storage);
    waitingBytes += storage.byteLength;
  }
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

/** Runs a function whose storages are taken from a source, as far as that has room for them. */
export function withStoragesFrom<T>(other: StorageSource | undefined, run: () => T): T {
  const before = source;
  source = other;
  try {
    return run();
  } finally {
    source = before;
  }
}
