import { allocateUnfilled } from '../core/allocate.ts';
import { withStoragesFrom } from '../core/storage-pool.ts';
import type { Tensor } from '../core/tensor.ts';
import { copyInto } from './place.ts';
import { isNear, nearMemory } from './wasm/near-memory.ts';

// Where operations follow one another, copying operands into the kernels' memory and results out of it takes as long as
// computing. Tensors that nobody else is given may lie in that memory instead.

/**
 * Runs a function whose tensors lie in the kernels' memory, as far as there is room. Whoever calls this gives their memory
 * back, and gives nobody a tensor that is not {@link broughtOut}.
 */
export function nearKernels<T>(run: () => T): T {
  return withStoragesFrom(nearMemory(), run);
}

/** A copy near the kernels of what many of them read. */
export function broughtNear(x: Tensor): Tensor {
  return nearMemory() === undefined ? x : nearKernels(() => copyOf(x));
}

/** The same tensor where anybody may hold it. */
export function broughtOut(x: Tensor): Tensor {
  return isNear(x.storage) ? withStoragesFrom(undefined, () => copyOf(x)) : x;
}

function copyOf(x: Tensor): Tensor {
  const copy = allocateUnfilled(x.shape, x.dtype);
  copyInto(copy, x);
  return copy;
}
