import { giveBack, storagesTaken } from '../core/storage-pool.ts';
import type { Tensor } from '../core/tensor.ts';

/** Runs a step; memory that it took for other than its results is used again. Nobody may look at what else it makes. */
export function inPassing<T>(run: () => T, resultsOf: (result: T) => readonly Tensor[]): T {
  const { result, taken } = storagesTaken(run);
  const kept = new Set(resultsOf(result).map(({ storage }) => storage));
  for (const storage of taken) if (!kept.has(storage)) giveBack(storage);
  return result;
}
