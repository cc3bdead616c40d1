import type { Storage } from '../core/dtype.ts';
import { vectorScalarMath } from './elementary/vector-scalar-math.ts';
import type { Formula } from './scalar-math.ts';
import { DOUBLE_BYTES, FEWEST, SPREAD } from './vector-reduce.ts';
import type { Code } from './wasm/assembler.ts';
import type { Index } from './wasm/index-code.ts';
import { BYTES, memoryFor, roomFor, vectorFunction } from './wasm/vector-work.ts';
import { placeInMemory } from './wasm/work-memory.ts';

/** So many entries are copied at a time: they stay in the second-level cache. */
const CHUNK = 32768;
/** So many rows are combined at a time. */
const ROWS = 4;
/** Doubles in a vector. */
const PAIR = 2;

/** Rows of as many entries as there are results, `inner` of them `innerStep` apart, in `outer` groups. */
export interface Rows {
  readonly columns: number;
  readonly outer: number;
  readonly outerStep: number;
  readonly inner: number;
  readonly innerStep: number;
}

/**
 * Reduces rows of float32 from `xAt` on to one, accumulated in float64, and writes it from `yAt` on. False, with nothing done,
 * where there are no vectors or they are no gain.
 */
export type VectorReduceRows = (x: Storage, xAt: number, rows: Rows, y: Storage, yAt: number) => boolean;

/** By the vectors of WebAssembly: what is reduced is copied into its memory, behind the results so far, if it does not lie there. */
export function vectorReduceRows(combine: Formula, initial: number): VectorReduceRows {
  const reduce = reducingRows(combine);
  return (x, xAt, { columns, outer, outerStep, inner, innerStep }, y, yAt) => {
    const isDense = innerStep >= columns && innerStep <= SPREAD * columns;
    if (!(x instanceof Float32Array) || !isDense || columns * outer * inner < FEWEST) return false;
    const memory = memoryFor([x]);
    const isThere = memory?.holds(x);
    const run = reduce(memory);
    const pairs = Math.ceil(columns / PAIR);
    const atOnce = isThere ? inner : Math.max(1, Math.floor(CHUNK / innerStep));
    // The last pair may reach beyond the last row.
    const copied = isThere ? 0 : atOnce * innerStep + PAIR;
    const numbers = run && roomFor((pairs * PAIR * DOUBLE_BYTES) / BYTES + copied, memory);
    if (!memory || !numbers) return false;
    const { startOfRoom } = memory;
    const results = new Float64Array(numbers.buffer, startOfRoom, pairs * PAIR).fill(initial);
    const start = (startOfRoom + results.byteLength) / BYTES;
    for (let group = 0; group < outer; group++) {
      for (let row = 0; row < inner; row += atOnce) {
        const count = Math.min(atOnce, inner - row);
        const from = xAt + group * outerStep + row * innerStep;
        if (!isThere) numbers.set(x.subarray(from, from + (count - 1) * innerStep + columns), start);
        run(count, innerStep * BYTES, pairs, (isThere ? placeInMemory(x, from) : start) * BYTES, startOfRoom);
      }
    }
    y.set(results.subarray(0, columns), yAt);
    return true;
  };
}

/** Rows, with the bytes between them, pairs of entries, where the first row begins, and where the results lie. */
function reducingRows(combine: Formula): ReturnType<typeof vectorFunction> {
  return vectorFunction((w) => {
    const m = vectorScalarMath(w);
    const join = (a: Code, b: Code): Code => m.numberOf(combine(m, m.fromNumbers(a), m.fromNumbers(b)));
    w.procedure('run', 5, (rows, rowBytes, pairs, x, results) => {
      const joinRows = (rounds: Index, count: number, from: Index): void => {
        const offsets = Array.from({ length: count }, (_, k) => w.fix(w.times(rowBytes, k)));
        w.loop(rounds, [[from, w.times(rowBytes, count)]], (first) =>
          w.loop(pairs, [[first, PAIR * BYTES] as const, [results, PAIR * DOUBLE_BYTES] as const], (at, result) => {
            const entries = offsets.map((offset) => w.loadSingles(w.plus(at, offset)));
            w.store(result, entries.reduce(join, w.load(result)));
          }),
        );
      };
      const rounds = w.fix(w.quotient(rows, ROWS));
      const done = w.fix(w.times(rounds, ROWS));
      joinRows(rounds, ROWS, x);
      joinRows(w.minus(rows, done), 1, w.plus(x, w.times(rowBytes, done)));
    });
  }, 'float64');
}
