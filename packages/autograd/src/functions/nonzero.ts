import { allocate } from '../core/allocate.ts';
import { indexAt } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { nonzeroPlaces } from '../primitives/piecewise/indices.ts';
import { unbind } from './movement.ts';

/**
 * The indices of the entries that are not zero, in reading order: `[count, dims]`, dtype int32. The size depends on the
 * values, so that no program can hold it.
 *
 * @example
 * nonzero(tensor([[0, 7], [8, 0]])); // [[0, 1], [1, 0]]
 */
export function nonzero(x: Tensor, options?: { readonly asTuple?: false }): Tensor;
/** {@link nonzero} as one list for each dim, as `index` takes them. A tensor without dims counts as a list of one. */
export function nonzero(x: Tensor, options: { readonly asTuple: true }): Tensor[];
export function nonzero(x: Tensor, { asTuple = false }: { readonly asTuple?: boolean } = {}): Tensor | Tensor[] {
  const shape = asTuple && x.rank === 0 ? [1] : x.shape;
  const { storage, offset, length } = nonzeroPlaces(x);
  const indices = allocate([length, shape.length], 'int32');
  for (let i = 0; i < length; i++) {
    indices.storage.set(indexAt(storage[offset + i], shape), indices.offset + i * shape.length);
  }
  return asTuple ? unbind(indices, 1) : indices;
}

/**
 * {@link nonzero}, under NumPy's name.
 *
 * @example
 * argwhere(tensor([0, 7, 8])); // [[1], [2]]
 */
export function argwhere(x: Tensor): Tensor {
  return nonzero(x);
}
