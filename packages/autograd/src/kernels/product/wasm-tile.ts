import type { Tile } from './tile.ts';

/**
 * What WebAssembly's sixteen vector registers hold: twelve sums, a row of B and an entry of A. Fewer sums are waiting for one
 * another: 4 × 8 floats reach nine tenths of it. 4 × 12 and 3 × 16 floats spill.
 */
export const wasmTile: Tile = { rows: 6, vectors: 2, lowRows: 4 };

/**
 * Where a multiply-add is one instruction, its operands stay in registers over several depths, and what each turn of the loop costs
 * beside them (counting, a look for interrupts, addresses) is a third of all instructions. Without it, longer turns spill.
 */
const DEPTHS = 8;

/** The tile that a runtime multiplies by, with or without the relaxed multiply-add. */
export function wasmTileWith(relaxed: boolean): Tile {
  return relaxed ? { ...wasmTile, depths: DEPTHS } : wasmTile;
}
