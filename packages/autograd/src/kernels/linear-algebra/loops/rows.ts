import { type Block, eachEntry } from '../../block-work.ts';
import type { LoopMath } from '../../loop-math.ts';

/** Rows of elements, one after the other. */
export interface Rows<I> {
  /** The address of the first. */
  readonly at: I;
  /** From the beginning of a row to that of the next, in addresses. */
  readonly step: number;
}

/** Reads and writes what lies side by side in rows: as many elements as there are lanes, or one. */
export interface RowPlace<V> {
  load(row: number): V;
  store(row: number, value: V): void;
}

/** Goes along rows from these addresses, `count` elements far: by vectors, and one by one what is left. */
export function alongRows<I, V>(
  w: LoopMath<I, V>,
  rows: readonly I[],
  count: I,
  body: (place: RowPlace<V>) => void,
): void {
  const { lanes, elementSize } = w;
  const vectors = w.fix(w.quotient(count, lanes));
  const done = w.fix(w.times(vectors, lanes));
  w.loop(
    vectors,
    rows.map((at) => [at, lanes * elementSize]),
    (...at) => body({ load: (row) => w.load(at[row]), store: (row, value) => w.store(at[row], value) }),
  );
  w.loop(
    w.minus(count, done),
    rows.map((at) => [w.plus(at, w.times(done, elementSize)), elementSize]),
    (...at) => body({ load: (row) => w.splat(at[row]), store: (row, value) => w.storeElement(at[row], value) }),
  );
}

/** Takes a multiple of one row from another. */
export function subtractMultiple<I, V>(w: LoopMath<I, V>, to: I, from: I, factor: V, count: I): void {
  const negative = w.share(w.negate(factor));
  alongRows(w, [to, from], count, ({ load, store }) => store(0, w.multiplyAdd(negative, load(1), load(0))));
}

/** Exchanges what two rows hold. */
export function exchange<I, V>(w: LoopMath<I, V>, a: I, b: I, count: I): void {
  alongRows(w, [a, b], count, ({ load, store }) => {
    const [ofA, ofB] = [w.share(load(0)), w.share(load(1))];
    store(0, ofB);
    store(1, ofA);
  });
}

/** The address of an element. */
export function elementAt<I, V>(w: LoopMath<I, V>, { at, step }: Rows<I>, row: I, column: I): I {
  return w.plus(w.plus(at, w.times(row, step)), w.times(column, w.elementSize));
}

/** Copies a matrix into rows. */
export function readInto<I, V>(w: LoopMath<I, V>, rows: Rows<I>, matrix: Block<I, V>): void {
  eachEntry(w, matrix.sizes, (i, j) => w.storeElement(elementAt(w, rows, i, j), matrix.load(i, j)));
}

/** Copies rows into a matrix; NaN instead where the mask is set. */
export function writeFrom<I, V>(w: LoopMath<I, V>, matrix: Block<I, V>, rows: Rows<I>, isNone?: V): void {
  eachEntry(w, matrix.sizes, (i, j) => {
    const entry = w.splat(elementAt(w, rows, i, j));
    matrix.store(isNone === undefined ? entry : w.select(isNone, w.constant(Number.NaN), entry), i, j);
  });
}
