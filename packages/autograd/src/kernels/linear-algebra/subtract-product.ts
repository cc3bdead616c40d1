import { contract } from '../contract.ts';

/** A part of a matrix that lies row by row. */
export interface Block {
  readonly entries: Float64Array;
  readonly offset: number;
  readonly rowStride: number;
  /** Default: 1. */
  readonly columnStride?: number;
}

/** Rows and columns that a factorization takes at a time; what they do to the rest is one matrix product. */
export const BLOCK = 32;

/** `out -= a b`, of `[rows, inner]` and `[inner, columns]`. */
export function subtractProduct(
  out: Block,
  a: Block,
  b: Block,
  [rows, inner, columns]: readonly [number, number, number],
): void {
  if (rows === 0 || inner === 0 || columns === 0) return;
  const product = new Float64Array(rows * columns);
  contract(product, 0, [], rows, columns, inner, matrices(a), matrices(b));
  const { entries, offset, rowStride } = out;
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0, to = offset + i * rowStride; j < columns; j++, at++, to++) entries[to] -= product[at];
  }
}

function matrices({ entries, offset, rowStride, columnStride = 1 }: Block): Parameters<typeof contract>[6] {
  return { data: entries, offset, batchStrides: [], rowStride, columnStride };
}
