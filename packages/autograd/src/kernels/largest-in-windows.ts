import { allocateUnfilled } from '../core/allocate.ts';
import { contiguousStrides, entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';
import { type Axis, type Dim, ROW_BYTES, tableOf } from './product/tables.ts';
import type { Code } from './wasm/assembler.ts';
import type { Index } from './wasm/index-code.ts';
import { BYTES, LANES, roomFor, vectorFunction } from './wasm/vector-work.ts';

/** Fewer windows are not worth the copies. */
const FEWEST = 1024;
/** Entries that are copied in at a time: with their results they stay in the second-level cache. */
const BLOCK = 65536;

/** Windows along a dim, all of which lie inside: how many, how far apart they begin, and the entries that each sees. */
export interface InnerWindows {
  readonly positions: number;
  readonly stride: number;
  readonly size: number;
  readonly dilation: number;
}

export interface LargestInWindows {
  readonly values: Tensor;
  /** Where they lie in the flattened dims that the windows move over, dtype int32. */
  readonly indices: Tensor;
}

/**
 * The largest entry of every window over the last dims, `[…, …positions]`: the first among equals, and the first NaN where
 * there is one. By the vectors of WebAssembly; undefined where the runtime has none, or for other dtypes and few windows.
 */
export function largestInWindows(x: Tensor, windows: readonly InnerWindows[]): LargestInWindows | undefined {
  const leading = x.shape.slice(0, x.rank - windows.length);
  const space = x.shape.slice(leading.length);
  const positions = windows.map((window) => window.positions);
  const [planeIn, planeOut] = [entriesOf(space), entriesOf(positions)];
  const planes = entriesOf(leading);
  if (x.dtype !== 'float32' || planes * planeOut < FEWEST) return undefined;
  const { stride } = windows.at(-1) as InnerWindows;
  const length = positions.at(-1) as number;
  const tables = tablesOf(windows, space);
  // Before the room is taken: copies may need it.
  const { storage, offset } = inReadingOrder(x);
  const atOnce = Math.max(1, Math.min(planes, Math.floor(BLOCK / planeIn)));
  // Vectors may be read and written beyond the last row.
  const valuesAt = tables.length + atOnce * planeIn + LANES * stride;
  const indicesAt = valuesAt + atOnce * planeOut + LANES;
  const numbers = roomFor(indicesAt + atOnce * planeOut + LANES);
  finders[stride] ??= finding(stride);
  const find = finders[stride]();
  if (find === undefined || numbers === undefined) return undefined;

  const integers = new Int32Array(numbers.buffer);
  integers.set(tables);
  const [values, indices] = (['float32', 'int32'] as const).map((dtype) =>
    allocateUnfilled([...leading, ...positions], dtype),
  );
  const places = [tables.length, valuesAt, indicesAt].map((at) => at * BYTES);
  const sizes = [planeIn * BYTES, planeOut / length, length, entriesOf(windows.map(({ size }) => size))];
  for (let plane = 0; plane < planes; plane += atOnce) {
    const count = Math.min(atOnce, planes - plane);
    const [start, to, written] = [offset + plane * planeIn, plane * planeOut, count * planeOut];
    numbers.set(storage.subarray(start, start + count * planeIn), tables.length);
    find(count, ...places, ...sizes);
    values.storage.set(numbers.subarray(valuesAt, valuesAt + written), values.offset + to);
    indices.storage.set(integers.subarray(indicesAt, indicesAt + written), indices.offset + to);
  }
  return { values, indices };
}

/**
 * Words at the beginning of the room: how far the windows of a vector lie apart, where the entries of a window lie, and where
 * the first window of each row lies.
 */
function tablesOf(windows: readonly InnerWindows[], space: readonly number[]): readonly number[] {
  const steps = contiguousStrides(space);
  const entries: Axis = windows.map(({ size, dilation }, d) => ({ size, step: dilation * steps[d] }));
  const rows: Axis = windows.map(({ positions, stride }, d) => ({ size: positions, step: stride * steps[d] }));
  const { step } = rows.at(-1) as Dim;
  return [
    ...Array.from({ length: LANES }, (_, lane) => lane * step),
    ...tableOf(entries),
    ...tableOf(rows.slice(0, -1)),
  ];
}

/** By the stride of the last dim. */
const finders: ReturnType<typeof vectorFunction>[] = [];

/**
 * Writes the procedure of planes, where the first of them, the values and the indices begin, the bytes of a plane, the rows
 * of windows in it, the windows in a row, and the entries in a window.
 */
function finding(stride: number): ReturnType<typeof vectorFunction> {
  return vectorFunction((w) => {
    const bytes = LANES * BYTES;
    const step = stride * BYTES;
    const entryTable = w.index(bytes);
    w.procedure('run', 8, (planes, x, values, indices, planeBytes, rows, length, entries) => {
      const rowTable = w.fix(w.plus(entryTable, w.times(entries, ROW_BYTES)));
      const vectors = w.fix(w.quotient(w.plus(length, LANES - 1), LANES));
      const rowBytes = w.fix(w.times(length, BYTES));
      const planeOut = w.fix(w.times(rows, rowBytes));
      const load = (at: Index): Code => (stride === 1 ? w.load(at) : w.loadApart(at, step));
      const offsetIn = (row: Index): Index => w.times(w.loadIndex(row), BYTES);

      const findVector = (at: Index, first: Code): { extreme: Code; place: Code } => {
        const extreme = w.keep(load(w.fix(w.plus(at, offsetIn(entryTable)))));
        const place = w.keep(w.splat(entryTable));
        w.loop(w.plus(entries, -1), [[w.plus(entryTable, ROW_BYTES), ROW_BYTES]], (entry) => {
          const value = w.share(load(w.fix(w.plus(at, offsetIn(entry)))));
          const firstNaN = w.and(w.not(w.equal(value, value)), w.equal(extreme.get(), extreme.get()));
          const isBetter = w.share(w.or(w.less(extreme.get(), value), firstNaN));
          extreme.set(w.select(isBetter, value, extreme.get()));
          place.set(w.select(isBetter, w.splat(entry), place.get()));
        });
        return { extreme: extreme.get(), place: w.addIntegers(place.get(), first) };
      };

      w.loop(
        planes,
        [
          [x, planeBytes],
          [values, planeOut],
          [indices, planeOut],
        ],
        (x, values, indices) =>
          w.loop(
            rows,
            [
              [rowTable, ROW_BYTES],
              [values, rowBytes],
              [indices, rowBytes],
            ],
            (row, values, indices) => {
              const start = w.fix(w.plus(x, offsetIn(row)));
              const first = w.keep(w.addIntegers(w.splat(row), w.load(w.index(0))));
              w.loop(
                vectors,
                [
                  [start, LANES * step],
                  [values, bytes],
                  [indices, bytes],
                ],
                (at, values, indices) => {
                  const { extreme, place } = findVector(at, first.get());
                  w.store(values, extreme);
                  w.store(indices, place);
                  first.set(w.addIntegers(first.get(), w.integerConstant(LANES * stride)));
                },
              );
            },
          ),
      );
    });
  });
}
