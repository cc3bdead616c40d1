import type { Procedure } from '../kernel.ts';
import type { LoopMath } from '../loop-math.ts';
import { packing } from './packing.ts';
import { stripProduct, type Tile } from './tile.ts';

/** Block sizes: packed A (96 × 256) stays in the second-level cache, a strip of packed B (256 × 8) in the first. */
const BLOCK_DEPTH = 256;
const BLOCK_ROWS = 96;
const BLOCK_COLUMNS = 1024;

/** The parts of a workspace, in elements. */
function workspaceParts(tile: Tile, lanes: number): { spareTile: number; packedA: number; packedB: number } {
  const width = tile.vectors * lanes;
  return {
    spareTile: tile.rows * width,
    packedA: roundUp(BLOCK_ROWS, tile.rows) * BLOCK_DEPTH,
    packedB: roundUp(BLOCK_COLUMNS, width) * BLOCK_DEPTH,
  };
}

function roundUp(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}

/** The room that `product` needs for each thread, in elements. */
export function workspaceElements(tile: Tile, lanes: number): number {
  const { spareTile, packedA, packedB } = workspaceParts(tile, lanes);
  return spareTile + packedA + packedB;
}

/**
 * Writes the procedure `product`, the packed and register-blocked matrix product, once for every engine:
 * C[rows, columns] = A[rows, depth] B[depth, columns] with depth ≥ 1; A and B have any strides, the rows of C lie in one piece.
 * Every element of C is summed in the same order, whatever rows and columns are around it.
 * Parameters: rows, columns, depth; A and B, each by address, row stride and column stride; the address of C and its row
 * stride; the number of the thread. Thread after thread, the workspaces lie at the beginning of the memory.
 *
 * Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008; the layout is that of BLIS.
 */
export function product<I, V>(w: LoopMath<I, V>, tile: Tile): Procedure<I> {
  const width = tile.vectors * w.lanes;
  const size = w.elementSize;
  const parts = workspaceParts(tile, w.lanes);
  const packA = packing(w, 'packA', tile.rows);
  const packB = packing(w, 'packB', width);
  const multiplyStrip = stripProduct(w, tile);

  return w.procedure('product', 12, (rows, columns, depth, a, aRow, aColumn, b, bRow, bColumn, c, cRow, thread) => {
    const spareTile = w.fix(w.times(thread, workspaceElements(tile, w.lanes) * size));
    const packedA = w.fix(w.plus(spareTile, parts.spareTile * size));
    const packedB = w.fix(w.plus(packedA, parts.packedA * size));

    inBlocks(w, columns, w.index(BLOCK_COLUMNS), (column, blockColumns) => {
      const bColumns = w.fix(w.plus(b, w.times(column, bColumn)));
      const cColumns = w.fix(w.plus(c, w.times(column, size)));
      const strips = w.fix(w.quotient(w.plus(blockColumns, width - 1), width));

      inBlocks(w, depth, evenBlock(w, depth, BLOCK_DEPTH), (start, blockDepth) => {
        packB(packedB, w.plus(bColumns, w.times(start, bRow)), blockColumns, blockDepth, bColumn, bRow);
        const addToC = start; // All but the first block of the depth.

        inBlocks(w, rows, w.index(BLOCK_ROWS), (row, blockRows) => {
          const aBlock = w.plus(a, w.plus(w.times(row, aRow), w.times(start, aColumn)));
          packA(packedA, aBlock, blockRows, blockDepth, aRow, aColumn);
          const cBlock = w.plus(cColumns, w.times(row, cRow));
          w.loop(
            strips,
            [
              [packedB, w.times(blockDepth, width * size)],
              [cBlock, width * size],
              [blockColumns, -width],
            ],
            (bStrip, c, columnsLeft) =>
              multiplyStrip(blockDepth, packedA, bStrip, c, cRow, blockRows, columnsLeft, addToC, spareTile),
          );
        });
      });
    });
  });
}

/** Cuts `total` into blocks, the last one perhaps smaller. */
function inBlocks<I, V>(w: LoopMath<I, V>, total: I, block: I, body: (start: I, length: I) => void): void {
  w.loop(blockCount(w, total, block), [[w.index(0), block]], (start) => {
    const left = w.fix(w.minus(total, start));
    body(start, w.fix(w.choose(w.isLess(block, left), block, left)));
  });
}

/** The block that cuts `total` into as few blocks as `largest` does, but even ones. */
function evenBlock<I, V>(w: LoopMath<I, V>, total: I, largest: number): I {
  return w.fix(blockCount(w, total, w.fix(blockCount(w, total, w.index(largest)))));
}

function blockCount<I, V>(w: LoopMath<I, V>, total: I, block: I): I {
  return w.quotient(w.plus(w.plus(total, block), -1), block);
}
