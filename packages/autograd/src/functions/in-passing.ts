import { giveBack, storagesTaken } from '../core/storage-pool.ts';
import type { Tensor } from '../core/tensor.ts';
import { isKept } from '../tape/bind.ts';

/**
 * Runs a step; memory that it took for other than its results is used again, unless operations are recorded or looked at. The
 * step itself must keep nothing else.
 */
export function inPassing<T>(run: () => T, resultsOf: (result: T) => readonly Tensor[]): T {
  if (isKept()) return run();
  const { result, taken } = storagesTaken(run);
  const kept = new Set(resultsOf(result).map(({ storage }) => storage));
  for (const storage of taken) if (!kept.has(storage)) giveBack(storage);
  return result;
}
