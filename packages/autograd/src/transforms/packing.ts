import { allocateUnfilled } from '../core/allocate.ts';
import type { DType } from '../core/dtype.ts';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { slice } from '../primitives/linear/slice.ts';
import { detach } from '../tape/leaf.ts';

/** What tensors of one dtype are like that are packed into one; one alone stays as it is. */
export function packedLike(tensors: readonly Tensor[]): { readonly shape: Shape; readonly dtype: DType } {
  const [{ shape, dtype }] = tensors as readonly [Tensor];
  return { shape: tensors.length === 1 ? shape : [tensors.reduce((sum, x) => sum + x.length, 0)], dtype };
}

/** Tensors of one dtype in one, which is on no tape. */
export function pack(tensors: readonly Tensor[]): Tensor {
  if (tensors.length === 1) return detach(tensors[0] as Tensor);
  const { shape, dtype } = packedLike(tensors);
  const packed = allocateUnfilled(shape, dtype);
  let from = packed.offset;
  for (const x of tensors) {
    packed.storage.set(x.toTypedArray(), from);
    from += x.length;
  }
  return packed;
}

/** The parts of a packed tensor, as views. */
export function unpack(packed: Tensor, like: readonly Tensor[]): readonly Tensor[] {
  if (like.length === 1) return [packed];
  let start = 0;
  return like.map(({ shape, length }) => {
    const part = slice(packed, [{ start, step: 1, size: length }]);
    start += length;
    return reshape(part, shape);
  });
}
