import { allocate } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';
import { compare } from './sort.ts';

/** The order in which the rows of a matrix rise: by the first entry in which they differ. Equal rows keep their order. */
export function orderOfRows(matrix: Tensor): Tensor {
  const [rows, columns] = matrix.shape;
  const { storage, offset } = inReadingOrder(matrix);
  const out = allocate([rows], 'int32');
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  order.sort((a, b) => {
    for (let c = 0; c < columns; c++) {
      const difference = compare(storage[offset + a * columns + c], storage[offset + b * columns + c]);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  out.storage.set(order, out.offset);
  return out;
}
