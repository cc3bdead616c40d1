import type { Library, Procedure } from '../kernel.ts';
import type { LoopMath } from '../loop-math.ts';
import { NEAR, plainReading, type Reading, type Steps } from './operand.ts';
import { type LayOut, layingOut, type Strips } from './strips.ts';
import { overrun } from './tabled-reading.ts';
import { type RowSteps, stripProduct, type Tile, tileFor, type Widths, widthsOf } from './tile.ts';

/**
 * Block sizes: packed B (512 × 512) stays in the second-level cache beside rows of A (48 × 512). The deeper the blocks, the less
 * often C is read and written, which is far away where it is large. Rows of every tile divide those of a block.
 */
const BLOCK_DEPTH = 512;
const BLOCK_ROWS = 48;
const BLOCK_COLUMNS = 512;

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

/**
 * The product of operands that are read in some way, with what it has in common with other products.
 *
 * @param known The rows of A, of which few are better multiplied by lower tiles; the columns of B, of which a call may have
 *   fewer by those of whole tiles.
 */
export function productFrom<I, V>(
  w: LoopMath<I, V>,
  library: Library<I>,
  readings: Readings,
  known: { readonly rows?: number | undefined; readonly columns?: number | undefined } = {},
): Procedure<I> {
  const tile = known.rows === undefined ? library.tile : tileFor(library.tile, known.rows);
  const prefix = tile === library.tile ? '' : 'low_';
  const widths = widthsOf(tile, w.lanes, known.columns);
  const procedure: Shared<I>['procedure'] = (name, write) => library.procedure(name, write);
  const shared: Shared<I> = { prefix, room: library.tile, widths, procedure };
  return library.procedure(nameOf(readings, shared), () => product(w, tile, readings, shared));
}

function nameOf({ a, b }: Readings, { prefix, widths }: Pick<Shared<unknown>, 'prefix' | 'widths'>): string {
  const operands = b.name === '' ? a.name : `${a.name}_by${b.name}`;
  return `${prefix}product${operands}${widths === 'either' ? '' : `_${widths}`}`;
}

/** What a product has in common with others. */
interface Shared<I> extends Pick<Library<I>, 'procedure'> {
  /** Of the names of procedures that are for its tile only. */
  readonly prefix: string;
  /** The tile that workspaces have room for. */
  readonly room: Tile;
  readonly widths: Widths;
}

/**
 * Writes the procedure `product`, the register-blocked matrix product, once for every engine:
 * C[rows, columns] = A[rows, depth] B[depth, columns] with depth ≥ 1; A and B have any strides, or whatever their readings
 * can read; the rows of C lie in one piece. Operands are packed unless they lie well: B wherever it does, A if its steps
 * are given. Every element of C is summed in the same order, whatever rows and columns are around it, and however the
 * operands lie.
 * Parameters: rows, columns, depth; A and B, each by address, row stride and column stride (or what its reading has in
 * their place); the address of C and its row stride; the number of the thread. Thread after thread, the workspaces lie at
 * the beginning of the memory.
 *
 * Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008; the layout is that of BLIS.
 *
 * @param readings How the operands are read. The procedure is for such operands only, and named by them.
 * @param shared What other products of the same engine have written already.
 */
export function product<I, V>(
  w: LoopMath<I, V>,
  tile: Tile,
  readings: Readings = plainReadings,
  shared: Shared<I> = { prefix: '', room: tile, widths: 'either', procedure: (_, write) => write() },
): Procedure<I> {
  const width = tile.vectors * w.lanes;
  const size = w.elementSize;
  const { prefix, room } = shared;
  const parts = workspaceParts(room, w.lanes);
  const layingOutBy = (name: string, reading: Reading, strip: number, grain: number): LayOut<I> => {
    const named = `${prefix}${name}${reading.isPlain ? '' : reading.name}`;
    const pack = shared.procedure(named, () => reading.packing(w, named, strip));
    return layingOut(w, reading, pack, strip, grain);
  };
  const layOutA = layingOutBy('packA', readings.a, tile.rows, tile.rows);
  const layOutB = layingOutBy('packB', readings.b, width, w.lanes);
  const multiplyBlock = blockProduct(w, tile, readings.a.inPlace, shared);

  return w.procedure(nameOf(readings, shared), 12, (...parameters) => {
    const [rows, columns, depth, a, aRow, aColumn, b, bRow, bColumn, c, cRow, thread] = parameters;
    const spareTile = w.fix(w.times(thread, workspaceElements(room, w.lanes) * size));
    const packedA = w.fix(w.plus(spareTile, parts.spareTile * size));
    const packedB = w.fix(w.plus(packedA, parts.packedA * size));
    const isNear = w.fix(w.times(w.isEqual(bColumn, size), w.isLess(bRow, NEAR * size + 1)));

    inBlocks(w, columns, w.index(BLOCK_COLUMNS), (column, blockColumns) => {
      inBlocks(w, depth, evenBlock(w, depth, BLOCK_DEPTH), (start, blockDepth) => {
        const bBlock = readings.b.moved(w, { at: b, lineWay: bColumn, depthWay: bRow }, column, start);
        const stripsOfB = layOutB({ ...bBlock, lines: blockColumns, depth: blockDepth }, isNear, packedB);

        inBlocks(w, rows, w.index(BLOCK_ROWS), (row, blockRows) => {
          const aBlock = readings.a.moved(w, { at: a, lineWay: aRow, depthWay: aColumn }, row, start);
          const isInPlace = w.index(readings.a.inPlace === undefined ? 0 : 1);
          const stripsOfA = layOutA({ ...aBlock, lines: blockRows, depth: blockDepth }, isInPlace, packedA);
          const cAt = w.fix(w.plus(c, w.plus(w.times(row, cRow), w.times(column, size))));
          const addToC = start; // All but the first block of the depth.
          multiplyBlock(stripsOfA, stripsOfB, { depth: blockDepth, c: cAt, cRow, addToC, spareTile });
        });
      });
    });
  });
}

/** A block of C, and the depth of what is multiplied for it. */
interface BlockOfC<I> {
  readonly depth: I;
  readonly c: I;
  readonly cRow: I;
  readonly addToC: I;
  readonly spareTile: I;
}

type MultiplyBlock<I> = (a: readonly Strips<I>[], b: readonly Strips<I>[], block: BlockOfC<I>) => void;

/** Multiplies strips by strips: those of A that stay in place, and the packed ones, each by a procedure of its own. */
function blockProduct<I, V>(
  w: LoopMath<I, V>,
  tile: Tile,
  inPlace: Steps | undefined,
  shared: Shared<I>,
): MultiplyBlock<I> {
  const size = w.elementSize;
  const width = tile.vectors * w.lanes;
  const stripsOf = (name: string, rowsOfA: RowSteps): Procedure<I> =>
    stripProduct(w, `${shared.prefix}${name}`, tile, rowsOfA, shared.widths, shared.procedure);
  const multiplyPacked = stripsOf('strip', { row: size, depth: tile.rows * size });
  const multiplyInPlace =
    inPlace && stripsOf(`strip_${inPlace.row}_${inPlace.column}`, { row: inPlace.row, depth: inPlace.column });
  return (stripsOfA, stripsOfB, { depth, c, cRow, addToC, spareTile }) => {
    for (const b of stripsOfB) {
      for (const a of stripsOfA) {
        const multiply = a.isPacked ? multiplyPacked : multiplyInPlace;
        if (multiply === undefined) continue;
        const cStrip = w.plus(c, w.plus(w.times(a.first, cRow), w.times(b.first, size)));
        const count = w.quotient(w.plus(b.lines, width - 1), width);
        const cursors = [[b.at, b.step] as const, [cStrip, width * size] as const, [b.lines, -width] as const];
        w.when(a.lines, () =>
          w.loop(count, cursors, (bStrip, c, columnsLeft) =>
            multiply(depth, a.at, a.step, bStrip, b.depthStride, c, cRow, a.lines, columnsLeft, addToC, spareTile),
          ),
        );
      }
    }
  };
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
