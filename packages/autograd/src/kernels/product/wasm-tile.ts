import type { Tile } from './tile.ts';

/** The most that WebAssembly's sixteen vector registers hold: 4 × 12 and 3 × 16 floats spill, and take 1.6 times as long. */
export const wasmTile: Tile = { rows: 4, vectors: 2 };
