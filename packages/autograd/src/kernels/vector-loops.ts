import type { DType, Storage } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { vectorScalarMath } from './elementary/vector-scalar-math.ts';
import type { Cursor } from './loop-math.ts';
import type { Formulas, PlaneLoops } from './map-loops.ts';
import type { FloatArray } from './product/contraction.ts';
import { BYTES, compileVectors, LANES, roomFor } from './wasm/vector-work.ts';
import type { Index } from './wasm/write-wasm.ts';

/** Entries of a block: those of all inputs and results together stay in the second-level cache. */
const BLOCK = 4096;
/** Rows that lie apart are copied with what is between them, if that is not more than so many times as much. */
const SPREAD = 4;
/** A row of this length is copied as one piece, a shorter one entry by entry. */
const PIECE = 24;

/** Room for the block of an input or a result, in entries. The last vector may reach beyond the last row. */
const ROOM = SPREAD * BLOCK + LANES;

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
 * Block by block, the inputs are copied into its memory and the results out of it: even so they take less time than a loop
 * of JavaScript for the simplest formula.
 */
export function vectorLoops(formulas: Formulas, inputCount: number, outputCount: number): PlaneLoops | undefined {
  const compute = compileBlock(formulas, inputCount, outputCount);
  if (compute === undefined) return undefined;
  return (outputs, inputs, start, plane, places) => {
    const numbers = roomFor((inputCount + outputCount) * ROOM) as FloatArray;
    const blockRows = Math.max(1, Math.min(plane.rows, Math.floor(BLOCK / plane.columns)));
    const blockColumns = Math.min(plane.columns, BLOCK);
    for (let row = 0; row < plane.rows; row += blockRows) {
      for (let column = 0; column < plane.columns; column += blockColumns) {
        const rows = Math.min(blockRows, plane.rows - row);
        const columns = Math.min(blockColumns, plane.columns - column);
        const steps = inputs.flatMap(({ storage }, k) => {
          const [rowStep, columnStep] = [plane.rowSteps[k], plane.columnSteps[k]];
          const from = places[k] + row * rowStep + column * columnStep;
          return copyIn(storage, { from, rows, columns, rowStep, columnStep }, numbers, k * ROOM);
        });
        compute(rows, columns, ...steps);
        outputs.forEach(({ storage, offset }, k) => {
          const from = (inputCount + k) * ROOM;
          storage.set(numbers.subarray(from, from + rows * columns), offset + start + row * plane.columns + column);
        });
      }
    }
  };
}

/** Entries of an input, as rows. */
interface Block {
  readonly from: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** By how many bytes the place of a vector moves from row to row, and along a row. */
type Steps = readonly [row: number, column: number];

/** Copies what is distinct of a block: a row once, if all are the same, and an entry into all lanes, if it fills a row. */
function copyIn(storage: Storage, block: Block, numbers: FloatArray, to: number): Steps {
  const { from, rows, columns, rowStep, columnStep } = block;
  const distinctRows = rowStep === 0 ? 1 : rows;
  if (columnStep === 0) {
    for (let i = 0; i < distinctRows; i++)
      numbers.fill(storage[from + i * rowStep], to + i * LANES, to + (i + 1) * LANES);
    return [rowStep === 0 ? 0 : LANES * BYTES, 0];
  }
  if (columnStep === 1 && rowStep >= 0 && rowStep <= SPREAD * columns) {
    numbers.set(storage.subarray(from, from + (distinctRows - 1) * rowStep + columns), to);
    return [rowStep * BYTES, LANES * BYTES];
  }
  copyRows(storage, { ...block, rows: distinctRows }, numbers, to);
  return [rowStep === 0 ? 0 : columns * BYTES, LANES * BYTES];
}

/** Copies rows so that they follow one another. */
function copyRows(
  storage: Storage,
  { from, rows, columns, rowStep, columnStep }: Block,
  numbers: FloatArray,
  to: number,
): void {
  const inPieces = columnStep === 1 && columns >= PIECE;
  for (let i = 0, p = from, q = to; i < rows; i++, p += rowStep, q += columns) {
    if (inPieces) numbers.set(storage.subarray(p, p + columns), q);
    else for (let j = 0; j < columns; j++) numbers[q + j] = storage[p + j * columnStep];
  }
}

/** Computes rows and columns of a block, the inputs moving by these steps. */
type ComputeBlock = (rows: number, columns: number, ...steps: readonly number[]) => void;

function compileBlock(formulas: Formulas, inputCount: number, outputCount: number): ComputeBlock | undefined {
  const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
  if (roomFor((inputCount + outputCount) * ROOM) === undefined) return undefined;
  return compileVectors((w) => {
    const m = vectorScalarMath(w);
    const addresses = range(inputCount + outputCount).map((k) => w.index(k * ROOM * BYTES));
    w.procedure('run', 2 + 2 * inputCount, (rows, columns, ...steps) => {
      const vectors = w.fix(w.quotient(w.plus(columns, LANES - 1), LANES));
      const width = w.fix(w.times(columns, BYTES));
      const moves = (direction: number, ofOutputs: Index): Cursor<Index>[] =>
        addresses.map((address, k) => [address, k < inputCount ? steps[2 * k + direction] : ofOutputs]);
      const along = moves(1, w.index(LANES * BYTES));
      w.loop(rows, moves(0, width), (...rowAt) => {
        w.loop(
          vectors,
          along.map(([, step], k) => [rowAt[k], step]),
          (...at) => {
            const x = range(inputCount).map((k) => m.keep(m.fromNumbers(w.load(at[k]))));
            for (const [k, value] of formulas(m, ...x).entries()) w.store(at[inputCount + k], m.numberOf(value));
          },
        );
      });
    });
  });
}
