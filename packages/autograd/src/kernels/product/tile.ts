import type { LoopMath, Register } from '../loop-math.ts';

/** The block of C that is summed in registers: `rows` rows of `vectors` vectors. */
export interface Tile {
  readonly rows: number;
  readonly vectors: number;
  /** Rows of a lower block, which few rows are summed in that do not fill the higher ones. */
  readonly lowRows?: number;
  /** So many depths are multiplied between two looks at how many are left. Default: 1. */
  readonly depths?: number;
}

/** What lower blocks sum in the time of higher ones, about. */
const SPEED_OF_LOW = 0.9;

/** The tile for so many rows: the lower one where less of it hangs over the edge. */
export function tileFor(tile: Tile, rows: number): Tile {
  const { lowRows, ...high } = tile;
  const low = { ...high, rows: lowRows ?? high.rows };
  const covered = (height: number): number => Math.ceil(rows / height) * height;
  return covered(low.rows) <= SPEED_OF_LOW * covered(high.rows) ? low : tile;
}

/** How the rows of A lie that a tile reads: the steps from row to row, and from one depth to the next. */
export interface RowSteps {
  readonly row: number;
  readonly depth: number;
}

/** Which strips the columns of C need: as wide as a tile, narrower ones, or either. */
export type Widths = 'wide' | 'narrow' | 'either';

/** @param columns How many C has, or fewer by those of whole tiles; if that is known. */
export function widthsOf({ vectors }: Tile, lanes: number, columns: number | undefined): Widths {
  const mostColumns = (vectors - 1) * lanes;
  if (columns === undefined || vectors === 1) return 'either';
  if (columns <= mostColumns) return 'narrow';
  const rest = columns % (vectors * lanes);
  return rest === 0 || rest > mostColumns ? 'wide' : 'either';
}

type Strips<I> = (...values: I[]) => void;

/**
 * Of several procedures like {@link stripsBelow}, the one whose tiles are just wide enough for what is left of C. Only those
 * are written that are needed.
 *
 * @param procedure Gives a procedure by its name, and has it written when it is first asked for.
 */
export function stripProduct<I, V>(
  w: LoopMath<I, V>,
  name: string,
  tile: Tile,
  rowsOfA: RowSteps,
  widths: Widths,
  procedure: (name: string, write: () => Strips<I>) => Strips<I>,
): Strips<I> {
  const wide = (): Strips<I> => procedure(name, () => stripsBelow(w, name, tile, rowsOfA));
  if (widths === 'wide' || tile.vectors === 1) return wide();
  const narrowTile = { ...tile, vectors: tile.vectors - 1 };
  const narrower = stripProduct(w, `${name}Narrow`, narrowTile, rowsOfA, 'either', procedure);
  if (widths === 'narrow') return narrower;
  const widest = wide();
  const mostColumns = narrowTile.vectors * w.lanes;
  return (...values) => {
    const [, , , , , , , , columnsLeft] = values;
    w.when(
      w.isLess(columnsLeft, mostColumns + 1),
      () => narrower(...values),
      () => widest(...values),
    );
  };
}

/**
 * Writes the procedure that multiplies one strip of B by all strips of A: the tiles of C below one another. A tile that
 * hangs over the edge of C is summed in `spareTile` instead, and what belongs to C copied.
 * Parameters: depth, A, the step from one of its strips to the next, the strip of B, its step from one depth to the next,
 * C, its row stride, rows, columns from here to the edge, whether to add to what C holds, spare tile.
 */
function stripsBelow<I, V>(w: LoopMath<I, V>, name: string, tile: Tile, rowsOfA: RowSteps): Strips<I> {
  const size = w.elementSize;
  const width = tile.vectors * w.lanes;
  return w.procedure(name, 11, (depth, a, aStrip, b, bDepth, c, cRow, rows, columnsLeft, accumulate, spareTile) => {
    const columns = w.fix(w.choose(w.isLess(columnsLeft, width), columnsLeft, w.index(width)));
    const strips = w.quotient(w.plus(rows, tile.rows - 1), tile.rows);
    w.loop(
      strips,
      [
        [a, aStrip],
        [c, w.times(cRow, tile.rows)],
        [rows, -tile.rows],
      ],
      (a, c, rowsLeft) => {
        const rows = w.fix(w.choose(w.isLess(rowsLeft, tile.rows), rowsLeft, w.index(tile.rows)));
        const hangsOver = w.fix(w.isLess(w.times(rows, columns), tile.rows * width));
        const target = w.fix(w.choose(hangsOver, spareTile, c));
        const targetRow = w.fix(w.choose(hangsOver, w.index(width * size), cRow));
        w.when(hangsOver, () => w.when(accumulate, () => copyRectangle(w, rows, columns, target, targetRow, c, cRow)));
        sumTile(w, tile, { rowsOfA, depth, a, b, bDepth, c: target, cRow: targetRow, accumulate });
        w.when(hangsOver, () => copyRectangle(w, rows, columns, c, cRow, target, targetRow));
      },
    );
  });
}

interface TileOperands<I> {
  readonly rowsOfA: RowSteps;
  readonly depth: I;
  readonly a: I;
  readonly b: I;
  readonly bDepth: I;
  readonly c: I;
  readonly cRow: I;
  readonly accumulate: I;
}

/** The innermost loop: a tile of C in registers, over the whole depth of the block. */
function sumTile<I, V>(w: LoopMath<I, V>, { rows, vectors, depths = 1 }: Tile, operands: TileOperands<I>): void {
  const { rowsOfA, depth, b, bDepth, c, cRow, accumulate } = operands;
  const size = w.elementSize;
  const vectorSize = w.lanes * size;
  const sums = range(rows).map(() => range(vectors).map(() => w.keep(w.zero())));
  const rowStarts = range(rows).map((i) => w.fix(w.plus(c, w.times(cRow, i))));
  const forEachSum = (body: (sum: Register<V>, address: I) => void): void => {
    for (const i of range(rows)) for (const j of range(vectors)) body(sums[i][j], w.plus(rowStarts[i], j * vectorSize));
  };

  w.when(accumulate, () => forEachSum((sum, address) => sum.set(w.load(address))));
  const aNow = w.keepIndex(operands.a);
  const bNow = w.keepIndex(b);
  const addDepth = (): void => {
    const right = range(vectors).map((j) => w.share(w.load(w.plus(bNow.get(), j * vectorSize))));
    for (const i of range(rows)) {
      const left = w.share(w.splat(w.plus(aNow.get(), i * rowsOfA.row)));
      for (const j of range(vectors)) sums[i][j].set(w.multiplyAdd(left, right[j], sums[i][j].get()));
    }
    aNow.set(w.plus(aNow.get(), rowsOfA.depth));
    bNow.set(w.plus(bNow.get(), bDepth));
  };
  const together = depths === 1 ? w.index(0) : w.fix(w.quotient(depth, depths));
  w.loop(together, [], () => {
    for (const _ of range(depths)) addDepth();
  });
  w.loop(w.minus(depth, w.times(together, depths)), [], addDepth);
  forEachSum((sum, address) => w.store(address, sum.get()));
}

/** Copies rows of columns, by vectors that may overlap where there are as many columns as a vector has. */
function copyRectangle<I, V>(w: LoopMath<I, V>, rows: I, columns: I, to: I, toRow: I, from: I, fromRow: I): void {
  const { lanes, elementSize: size } = w;
  const rowCursors = [[to, toRow] as const, [from, fromRow] as const];
  const elements = (to: I, from: I): void =>
    w.loop(columns, [[to, size] as const, [from, size] as const], (to, from) => w.copy(to, from));
  const vectors = (to: I, from: I): void => {
    w.loop(w.quotient(columns, lanes), [[to, lanes * size] as const, [from, lanes * size] as const], (to, from) =>
      w.store(to, w.load(from)),
    );
    const last = w.times(w.plus(columns, -lanes), size);
    w.store(w.plus(to, last), w.load(w.plus(from, last)));
  };
  w.when(
    w.isLess(columns, lanes),
    () => w.loop(rows, rowCursors, elements),
    () => w.loop(rows, rowCursors, vectors),
  );
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
