import { toInt32 } from '../../kernels/elementary/whole-numbers.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import type { StorageType } from '../stages.ts';

/** How a buffer's entries are read and written, whatever it stores: loops compute with elements. */

/** One entry, in every lane. */
export function loadEntry<I, V>(w: LoopMath<I, V>, storage: StorageType | undefined, address: I): V {
  return storage === 'int32' ? w.splatInteger(address) : w.splat(address);
}

/** Entries side by side. */
export function loadEntries<I, V>(w: LoopMath<I, V>, storage: StorageType | undefined, address: I): V {
  return storage === 'int32' ? w.loadIntegers(address) : w.load(address);
}

/** The first lane; as a whole number where such are stored. */
export function storeEntry<I, V>(w: LoopMath<I, V>, storage: StorageType | undefined, address: I, value: V): void {
  if (storage === 'int32') w.storeIndex(address, w.toIndex(toInt32(w, value)));
  else w.storeElement(address, value);
}

/** Entries side by side. */
export function storeEntries<I, V>(w: LoopMath<I, V>, storage: StorageType | undefined, address: I, value: V): void {
  if (storage === 'int32') w.storeIntegers(address, toInt32(w, value));
  else w.store(address, value);
}
