import { dtypeOf, type Storage } from '../core/dtype.ts';
import { type NearMemory, nearMemory } from './wasm/near-memory.ts';

/** Fewer entries would not be taken. */
const ENOUGH = 256;

/** Runs a function that copies arrays to the near memory, which is given back then; for the tests beside this file. */
export function withCopiesNear<T>(run: (copyNear: <A extends Storage>(data: A) => A) => T): T {
  const near = nearMemory() as NearMemory;
  const taken: Storage[] = [];
  const copyNear = <A extends Storage>(data: A): A => {
    const storage = near.take(dtypeOf(data), data.length + ENOUGH) as A;
    taken.push(storage);
    storage.set(data);
    return storage.subarray(0, data.length) as A;
  };
  try {
    return run(copyNear);
  } finally {
    for (const storage of taken) near.giveBack(storage);
  }
}
