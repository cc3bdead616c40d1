import { BLOCK, subtractProduct } from './subtract-product.ts';

/**
 * The lower triangle L with `A = L Lᵀ`, in the place of A, of which only the lower triangle is read; above the diagonal
 * come zeros. Source: Golub and Van Loan, "Matrix Computations", 4th edition, section 4.2.
 *
 * @returns The order of the first leading minor that is not positive, in which case the rest is of no use; or undefined.
 */
export function factorizePositive(entries: Float64Array, size: number): number | undefined {
  for (let start = 0; start < size; start += BLOCK) {
    const end = Math.min(start + BLOCK, size);
    subtractProduct(
      { entries, offset: start * size + start, rowStride: size },
      { entries, offset: start * size, rowStride: size },
      { entries, offset: start * size, rowStride: 1, columnStride: size },
      [size - start, start, end - start],
    );
    for (let j = start; j < end; j++) {
      const pivot = Math.sqrt(entries[j * size + j]);
      if (!(pivot > 0)) return j + 1;
      scaleColumn(entries, size, j, pivot);
      updateColumns(entries, size, j, end);
    }
  }
  for (let i = 0; i < size; i++) entries.fill(0, i * size + i + 1, (i + 1) * size);
  return undefined;
}

function scaleColumn(entries: Float64Array, size: number, j: number, pivot: number): void {
  entries[j * size + j] = pivot;
  for (let i = j + 1; i < size; i++) entries[i * size + j] /= pivot;
}

/** What column j does to the columns behind it in its block. */
function updateColumns(entries: Float64Array, size: number, j: number, end: number): void {
  for (let i = j + 1; i < size; i++) {
    const row = i * size;
    const factor = entries[row + j];
    for (let k = j + 1; k < Math.min(end, i + 1); k++) entries[row + k] -= factor * entries[k * size + j];
  }
}
