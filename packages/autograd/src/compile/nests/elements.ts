import { toInt32 } from '../../kernels/elementary/whole-numbers.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import type { VectorMath } from '../../kernels/vector-math.ts';
import type { StorageType } from '../stages.ts';

// How a buffer's entries are read and written, whatever it stores: loops compute with elements of one type.

/** One entry, in every lane. */
export function loadEntry<I, V>(w: LoopMath<I, V>, storage: StorageType | undefined, address: I): V {
  if (storage === 'int32') return w.splatInteger(address);
  return storage === 'float32' ? w.splatSingle(address) : w.splat(address);
}

/** Entries side by side. */
export function loadEntries<I, V>(w: LoopMath<I, V>, storage: StorageType | undefined, address: I): V {
  if (storage === 'int32') return w.loadIntegers(address);
  return storage === 'float32' ? w.loadSingles(address) : w.load(address);
}

/** The first lane; as a whole number where such are stored. */
export function storeEntry<I, V>(w: LoopMath<I, V>, storage: StorageType | undefined, address: I, value: V): void {
  if (storage === 'int32') w.storeIndex(address, w.toIndex(toInt32(w, value)));
  else if (storage === 'float32') w.storeSingle(address, value);
  else w.storeElement(address, value);
}

/** Entries side by side. */
export function storeEntries<I, V>(w: LoopMath<I, V>, storage: StorageType | undefined, address: I, value: V): void {
  if (storage === 'int32') w.storeIntegers(address, toInt32(w, value));
  else if (storage === 'float32') w.storeSingles(address, value);
  else w.store(address, value);
}

/** What would be read of a value once it were stored. */
export function asStored<V>(v: VectorMath<V>, storage: StorageType, value: V): V {
  if (storage === 'int32') return toInt32(v, value);
  return storage === 'float32' ? v.roundToSingle(value) : value;
}
