import type { Tile } from './tile.ts';

/**
 * What WebAssembly's sixteen vector registers hold: twelve sums, a row of B and an entry of A. Fewer sums are waiting for one
 * another: 4 × 8 floats reach nine tenths of it. 4 × 12 and 3 × 16 floats spill.
 */
export const wasmTile: Tile = { rows: 6, vectors: 2, lowRows: 4 };
