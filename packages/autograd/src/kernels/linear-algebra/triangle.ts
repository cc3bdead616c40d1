import { BLOCK, type Block, subtractProduct } from './subtract-product.ts';

export interface Triangle {
  /** The upper triangle, or the lower one. */
  readonly upper: boolean;
  /** Whether its diagonal counts as ones, whatever is there. */
  readonly unit: boolean;
}

/** Solves `A X = B` by substitution, where A is a triangle of the block `a`, and `b`, `[size, columns]`, row by row, becomes X. */
export function solveTriangle(
  a: Block,
  b: Block,
  [size, columns]: readonly [number, number],
  triangle: Triangle,
): void {
  const { upper } = triangle;
  const blocks = Math.ceil(size / BLOCK);
  for (let step = 0; step < blocks; step++) {
    const start = (upper ? blocks - 1 - step : step) * BLOCK;
    const end = Math.min(start + BLOCK, size);
    const [solved, count] = upper ? [end, size - end] : [0, start];
    subtractProduct(
      { ...b, offset: b.offset + start * b.rowStride },
      { ...a, offset: a.offset + start * a.rowStride + solved * (a.columnStride ?? 1) },
      { ...b, offset: b.offset + solved * b.rowStride },
      [end - start, count, columns],
    );
    substitute(a, b, columns, [start, end], triangle);
  }
}

/** Substitution within the rows from `start` to before `end`. */
function substitute(
  a: Block,
  b: Block,
  columns: number,
  [start, end]: readonly [number, number],
  { upper, unit }: Triangle,
): void {
  const right = a.columnStride ?? 1;
  for (let step = 0; step < end - start; step++) {
    const i = upper ? end - 1 - step : start + step;
    const [first, last] = upper ? [i + 1, end] : [start, i];
    const [row, target] = [a.offset + i * a.rowStride, b.offset + i * b.rowStride];
    for (let j = first; j < last; j++) {
      const factor = a.entries[row + j * right];
      const source = b.offset + j * b.rowStride;
      for (let c = 0; c < columns; c++) b.entries[target + c] -= factor * b.entries[source + c];
    }
    if (unit) continue;
    const pivot = a.entries[row + i * right];
    for (let c = 0; c < columns; c++) b.entries[target + c] /= pivot;
  }
}
