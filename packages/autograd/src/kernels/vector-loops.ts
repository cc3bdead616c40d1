import type { DType, Storage } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { vectorScalarMath } from './elementary/vector-scalar-math.ts';
import type { Cursor } from './loop-math.ts';
import type { Formulas, Plane, PlaneLoops } from './map-loops.ts';
import type { FloatArray } from './product/contraction.ts';
import { type Block, type Span, spansOf, widthOf } from './side-by-side.ts';
import { BYTES, LANES, memoryFor, roomFor, vectorFunction, workMemory } from './wasm/vector-work.ts';
import { placeInMemory, type WorkMemory } from './wasm/work-memory.ts';
import type { Index } from './wasm/write-wasm.ts';

/** Entries of a block: those of all inputs and results together stay in the second-level cache. */
const BLOCK = 4096;
/** Rows that lie apart are copied with what is between them, if that is not more than so many times as much. */
const SPREAD = 4;
/** A row of this length is copied as one piece, a shorter one entry by entry. */
const PIECE = 24;

/** Places in the room are multiples of this: a line of the cache. */
const LINE = 16;

/** Room for the block of an input or a result, in entries. The last vector may reach beyond the last row. */
const ROOM = SPREAD * BLOCK + LINE;

/**
 * Whether float32 will do: for numbers in it, truth values, and numbers in float64 that are one for all entries; for
 * results in float32, truth values, and what is cut to whole numbers.
 */
export function fitVectors(inputs: readonly Tensor[], outputs: readonly DType[]): boolean {
  return (
    outputs.every((dtype) => dtype !== 'float64') &&
    inputs.some(({ dtype }) => dtype === 'float32') &&
    inputs.every(({ dtype, strides }) => dtype !== 'int32' && (dtype !== 'float64' || strides.every((s) => s === 0)))
  );
}

/**
 * Loops of formulas by the vectors of WebAssembly, in float32; undefined where the runtime has none, or forbids compiling.
 * Block by block, the inputs are copied into its memory and the results out of it, but for what lies there: even so they take
 * less time than a loop of JavaScript for the simplest formula.
 */
export function vectorLoops(formulas: Formulas, inputCount: number, outputCount: number): PlaneLoops | undefined {
  const blocks = computingBlocks(formulas, inputCount, outputCount);
  const roomIn = (memory: WorkMemory | undefined): FloatArray | undefined =>
    roomFor((inputCount + outputCount) * ROOM, memory);
  const canWorkIn = (memory: WorkMemory | undefined): boolean => Boolean(roomIn(memory) && blocks(memory));
  if (!canWorkIn(workMemory())) return undefined;
  return (outputs, inputs, plane, places) => {
    const wanted = memoryFor([...inputs, ...outputs].map(({ storage }) => storage));
    const memory = (canWorkIn(wanted) ? wanted : workMemory()) as WorkMemory;
    const [compute, numbers] = [blocks(memory) as ComputeBlock, roomIn(memory) as FloatArray];
    const blockRows = Math.max(1, Math.min(plane.rows, Math.floor(BLOCK / plane.columns)));
    const blockColumns = Math.min(plane.columns, BLOCK);
    let plan: Plan | undefined;
    for (let row = 0; row < plane.rows; row += blockRows) {
      for (let column = 0; column < plane.columns; column += blockColumns) {
        const rows = Math.min(blockRows, plane.rows - row);
        const columns = Math.min(blockColumns, plane.columns - column);
        if (plan?.rows !== rows || plan.columns !== columns)
          plan = planOf(memory, { ...plane, rows, columns }, inputs, outputs, places);
        for (const { block, move } of plan.inPlace) plan.moves[move] = addressOf(block, row, column);
        for (const piece of plan.read) copyIn(piece, row, column, numbers);
        compute(rows, columns, ...plan.moves);
        for (const piece of plan.written) copyOut(piece, row, column, numbers);
      }
    }
  };
}

/** What is done for blocks of one size. */
interface Plan {
  readonly rows: number;
  readonly columns: number;
  readonly read: readonly Piece[];
  readonly written: readonly Piece[];
  readonly inPlace: readonly InPlace[];
  /** Where the operands lie in the memory, and how the places of their vectors move, in bytes. */
  readonly moves: number[];
}

/** What is copied at once, and the place in the room that it has. */
interface Piece {
  readonly span: Span;
  readonly at: number;
}

/** What is read or written where it lies, and the move that tells where that is. */
interface InPlace {
  readonly block: Block;
  readonly move: number;
}

/** Where the part of a block that begins at this row and column lies in the memory, in bytes. */
function addressOf({ storage, from, rowStep }: Block, row: number, column: number): number {
  return BYTES * placeInMemory(storage, from + row * rowStep + column);
}

function planOf(
  memory: WorkMemory,
  { rows, columns, rowSteps, columnSteps }: Plane,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  places: readonly number[],
): Plan {
  const blockOf = ({ storage }: Tensor, k: number): Block => {
    return { storage, from: places[k], rows, columns, rowStep: rowSteps[k], columnStep: columnSteps[k] };
  };
  const moves: number[] = [];
  const inPlace: InPlace[] = [];
  const leave = (span: Span, ...vectorStep: readonly number[]): void => {
    for (const block of span) {
      inPlace.push({ block, move: moves.length });
      moves.push(0, block.rowStep * BYTES, ...vectorStep);
    }
  };
  let free = memory.startOfRoom / BYTES;
  const take = (span: Span, entries: number, addMoves: (piece: Piece, moves: number[]) => void): Piece => {
    const piece = { span, at: free };
    free += LINE * Math.ceil((entries + LANES) / LINE);
    addMoves(piece, moves);
    return piece;
  };
  const read: Piece[] = [];
  for (const span of spansOf(inputs.map(blockOf), isDense)) {
    if (memory.holds(span[0].storage) && isReadInPlace(span)) leave(span, LANES * BYTES);
    else read.push(take(span, entriesRead(span), addMovesOfInputs));
  }
  const written: Piece[] = [];
  for (const span of spansOf(
    outputs.map((y, k) => blockOf(y, inputs.length + k)),
    isFilled,
  )) {
    if (memory.holds(span[0].storage) && isWrittenInPlace(span)) leave(span);
    else written.push(take(span, span.length * rows * columns, addMovesOfOutputs));
  }
  return { rows, columns, read, written, inPlace, moves };
}

function isReadInPlace([{ rowStep, columnStep }]: Span): boolean {
  return columnStep === 1 && rowStep >= 0;
}

/** No vector may reach beyond its own row. */
function isWrittenInPlace([{ columns, columnStep }]: Span): boolean {
  return columnStep === 1 && columns % LANES === 0;
}

/** Whether what blocks span is not much more than their entries. */
function isDense(span: Span): boolean {
  const { rowStep, columns, columnStep } = span[0];
  return columnStep === 1 && rowStep >= 0 && rowStep <= SPREAD * columns * span.length;
}

/** Whether blocks fill what they span, and no vector reaches beyond its own row. */
function isFilled(span: Span): boolean {
  const { rowStep, columns } = span[0];
  return rowStep === columns * span.length && widthOf(span) === rowStep && columns % LANES === 0;
}

/** A row is read once, if all are the same, and an entry fills all lanes, if it fills a row. */
function entriesRead(span: Span): number {
  const { rowStep, columns, columnStep } = span[0];
  const rows = distinctRows(span[0]);
  if (columnStep === 0) return rows * LANES;
  return isDense(span) ? (rows - 1) * rowStep + widthOf(span) : rows * columns;
}

function distinctRows({ rows, rowStep }: Block): number {
  return rowStep === 0 ? 1 : rows;
}

/** Of each input: where it begins, and its steps from row to row and from vector to vector. */
function addMovesOfInputs({ span, at }: Piece, moves: number[]): void {
  const [{ from, rowStep, columns, columnStep }] = span;
  const pitch = columnStep === 0 ? LANES : isDense(span) ? rowStep : columns;
  for (const block of span) {
    const start = at + block.from - from;
    moves.push(start * BYTES, rowStep === 0 ? 0 : pitch * BYTES, columnStep === 0 ? 0 : LANES * BYTES);
  }
}

/** Of each result: where it begins, and its step from row to row. */
function addMovesOfOutputs({ span, at }: Piece, moves: number[]): void {
  const [{ columns }] = span;
  for (let k = 0; k < span.length; k++) moves.push((at + k * columns) * BYTES, span.length * columns * BYTES);
}

/** Copies what is distinct of the block that begins at this row and column. */
function copyIn({ span, at }: Piece, row: number, column: number, numbers: FloatArray): void {
  const { storage, from, rowStep, columnStep } = span[0];
  const start = from + row * rowStep + column * columnStep;
  const rows = distinctRows(span[0]);
  if (columnStep === 0) {
    for (let i = 0; i < rows; i++) numbers.fill(storage[start + i * rowStep], at + i * LANES, at + (i + 1) * LANES);
  } else if (isDense(span)) {
    numbers.set(part(storage, start, entriesRead(span)), at);
  } else copyRows({ ...span[0], rows, from: start }, numbers, at);
}

function part(storage: Storage, start: number, length: number): Storage {
  return length === storage.length ? storage : storage.subarray(start, start + length);
}

/** Copies rows so that they follow one another. */
function copyRows({ storage, from, rows, columns, rowStep, columnStep }: Block, numbers: FloatArray, to: number): void {
  const inPieces = columnStep === 1 && columns >= PIECE;
  for (let i = 0, p = from, q = to; i < rows; i++, p += rowStep, q += columns) {
    if (inPieces) numbers.set(storage.subarray(p, p + columns), q);
    else for (let j = 0; j < columns; j++) numbers[q + j] = storage[p + j * columnStep];
  }
}

/** Copies results that follow one another to where they belong. */
function copyOut({ span, at }: Piece, row: number, column: number, numbers: FloatArray): void {
  const { storage, from, rows, columns, rowStep, columnStep } = span[0];
  const start = from + row * rowStep + column * columnStep;
  const width = span.length * columns;
  if (columnStep === 1 && (rows === 1 || rowStep === width)) {
    storage.set(numbers.subarray(at, at + rows * width), start);
    return;
  }
  for (let i = 0, p = at, q = start; i < rows; i++, p += columns, q += rowStep) {
    if (columnStep === 1) storage.set(numbers.subarray(p, p + columns), q);
    else for (let j = 0; j < columns; j++) storage[q + j * columnStep] = numbers[p + j];
  }
}

/**
 * Computes rows and columns of a block. Of each input it is told where it begins and its steps from row to row and from
 * vector to vector, of each result where it begins and its step from row to row.
 */
type ComputeBlock = (rows: number, columns: number, ...places: readonly number[]) => void;

function computingBlocks(
  formulas: Formulas,
  inputCount: number,
  outputCount: number,
): (memory?: WorkMemory) => ComputeBlock | undefined {
  const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
  return vectorFunction((w) => {
    const m = vectorScalarMath(w);
    w.procedure('run', 2 + 3 * inputCount + 2 * outputCount, (rows, columns, ...places) => {
      const vectors = w.fix(w.quotient(w.plus(columns, LANES - 1), LANES));
      const inputs = range(inputCount).map((k) => places.slice(3 * k, 3 * k + 3));
      const outputs = range(outputCount).map((k) => places.slice(3 * inputCount + 2 * k).slice(0, 2));
      const fromRowToRow = [...inputs, ...outputs].map(([start, step]): Cursor<Index> => [start, step]);
      w.loop(rows, fromRowToRow, (...rowAt) => {
        const along = rowAt.map((at, k): Cursor<Index> => [at, inputs[k]?.[2] ?? LANES * BYTES]);
        w.loop(vectors, along, (...at) => {
          const x = range(inputCount).map((k) => m.share(m.fromNumbers(w.load(at[k]))));
          for (const [k, value] of formulas(m, ...x).entries()) w.store(at[inputCount + k], m.numberOf(value));
        });
      });
    });
  });
}
