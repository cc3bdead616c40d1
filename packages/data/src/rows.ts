import { fromArray, type Tensor } from '@gradtape/autograd';

const typedArrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array } as const;

/** The entries of a row from which on the platform's copy is faster than a loop. */
const WIDE = 64;

/**
 * The rows of a contiguous tensor at these indices. Where they follow one another it is a view, as tensors do not change;
 * else they are copied.
 */
export function rowsAt(x: Tensor, indices: Int32Array): Tensor {
  const [start = 0] = indices;
  const isRun = indices.every((index, i) => index === start + i);
  return isRun ? x.narrow(0, start, indices.length) : copyRows(x, indices);
}

function copyRows(x: Tensor, indices: Int32Array): Tensor {
  const { storage, offset } = x;
  const [, ...row] = x.shape;
  const width = row.reduce((product, size) => product * size, 1);
  const rows = new typedArrays[x.dtype](indices.length * width);
  for (let i = 0, to = 0; i < indices.length; i++, to += width) {
    const from = offset + indices[i] * width;
    if (width >= WIDE) rows.set(storage.subarray(from, from + width), to);
    else for (let j = 0; j < width; j++) rows[to + j] = storage[from + j];
  }
  return fromArray(rows, [indices.length, ...row]);
}
