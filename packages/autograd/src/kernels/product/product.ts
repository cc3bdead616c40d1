import type { Library, Procedure } from '../kernel.ts';
import type { LoopMath } from '../loop-math.ts';
import { type Packing, plainReading, type Reading } from './operand.ts';
import { overrun } from './tabled-reading.ts';
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
    packedA: roundUp(BLOCK_ROWS, tile.rows) * BLOCK_DEPTH + overrun(tile.rows, lanes),
    packedB: roundUp(BLOCK_COLUMNS, width) * BLOCK_DEPTH + overrun(width, lanes),
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

/** How a product reads its two operands. */
export interface Readings {
  readonly a: Reading;
  readonly b: Reading;
}

const plainReadings: Readings = { a: plainReading, b: plainReading };

/** The name of the product's procedure. */
function productName({ a, b }: Readings): string {
  return a === plainReading && b === plainReading ? 'product' : `product${a.name}_by${b.name}`;
}

/** The product of operands that are read in some way, with what it has in common with other products. */
export function productFrom<I, V>(w: LoopMath<I, V>, library: Library<I>, readings: Readings): Procedure<I> {
  return library.procedure(productName(readings), () => product(w, library.tile, readings, library));
}

type Shared<I> = Pick<Library<I>, 'procedure'>;

/**
 * Writes the procedure `product`, the packed and register-blocked matrix product, once for every engine:
 * C[rows, columns] = A[rows, depth] B[depth, columns] with depth ≥ 1; A and B have any strides, or whatever their
 * readings can read; the rows of C lie in one piece.
 * Every element of C is summed in the same order, whatever rows and columns are around it.
 * Parameters: rows, columns, depth; A and B, each by address, row stride and column stride (or what its reading has
 * in their place); the address of C and its row stride; the number of the thread. Thread after thread, the workspaces lie at the beginning of the memory.
 *
 * Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008; the layout is that of BLIS.
 */
export function product<I, V>(
  w: LoopMath<I, V>,
  tile: Tile,
  readings: Readings = plainReadings,
  shared: Shared<I> = { procedure: (_, write) => write() },
): Procedure<I> {
  const width = tile.vectors * w.lanes;
  const size = w.elementSize;
  const parts = workspaceParts(tile, w.lanes);
  const packingOf = (name: string, reading: Reading, strip: number): Packing<I> =>
    shared.procedure(`${name}${reading.name}`, () => reading.packing(w, `${name}${reading.name}`, strip));
  const packA = packingOf('packA', readings.a, tile.rows);
  const packB = packingOf('packB', readings.b, width);
  const multiplyStrip = shared.procedure('strip', () => stripProduct(w, tile));
  const name = productName(readings);

  return w.procedure(name, 12, (rows, columns, depth, a, aRow, aColumn, b, bRow, bColumn, c, cRow, thread) => {
    const spareTile = w.fix(w.times(thread, workspaceElements(tile, w.lanes) * size));
    const packedA = w.fix(w.plus(spareTile, parts.spareTile * size));
    const packedB = w.fix(w.plus(packedA, parts.packedA * size));

    inBlocks(w, columns, w.index(BLOCK_COLUMNS), (column, blockColumns) => {
      const cColumns = w.fix(w.plus(c, w.times(column, size)));
      const strips = w.fix(w.quotient(w.plus(blockColumns, width - 1), width));

      inBlocks(w, depth, evenBlock(w, depth, BLOCK_DEPTH), (start, blockDepth) => {
        const bBlock = readings.b.moved(w, { at: b, lineWay: bColumn, depthWay: bRow }, column, start);
        packB(packedB, bBlock.at, blockColumns, blockDepth, bBlock.lineWay, bBlock.depthWay);
        const addToC = start; // All but the first block of the depth.

        inBlocks(w, rows, w.index(BLOCK_ROWS), (row, blockRows) => {
          const aBlock = readings.a.moved(w, { at: a, lineWay: aRow, depthWay: aColumn }, row, start);
          packA(packedA, aBlock.at, blockRows, blockDepth, aBlock.lineWay, aBlock.depthWay);
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
