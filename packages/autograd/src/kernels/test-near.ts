import { dtypeOf, type Storage } from '../core/dtype.ts';
import { pool } from '../core/storage-pool.ts';
import { type NearMemory, nearMemory } from './wasm/near-memory.ts';

/** Runs a function that copies arrays to the near memory, which is given back then; for the tests beside this file. */
export function withCopiesNear<T>(run: (copyNear: <A extends Storage>(data: A) => A) => T): T {
  const near = nearMemory() as NearMemory;
  const taken: Storage[] = [];
  const copyNear = <A extends Storage>(data: A): A => {
    const storage = near.take(dtypeOf(data), data.length + pool.smallestNear) as A;
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
