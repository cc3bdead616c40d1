import type { Storage } from '../core/dtype.ts';
import { vectorScalarMath } from './elementary/vector-scalar-math.ts';
import type { LoopMath } from './loop-math.ts';
import type { Formula } from './scalar-math.ts';
import type { Code } from './wasm/assembler.ts';
import type { Index } from './wasm/index-code.ts';
import { BYTES, roomFor, vectorFunction } from './wasm/vector-work.ts';

/** Fewer entries are not worth the copies. */
export const FEWEST = 8192;
/** What is reduced is copied with what lies between, if that is not more than so many times as much. */
export const SPREAD = 2;
/** Registers that take turns: an addition need not wait for the one before. */
const REGISTERS = 4;
export const DOUBLE_BYTES = 8;

/** Results that lie `columnStep` apart, each of `outer` runs of entries, which lie side by side in a run. */
export interface Runs {
  readonly columns: number;
  readonly columnStep: number;
  readonly outer: number;
  readonly outerStep: number;
  readonly inner: number;
}

/**
 * Reduces runs of float32 from `xAt` on, accumulated in float64, and writes the results side by side from `yAt` on. False,
 * with nothing done, where there are no vectors or they are no gain.
 */
export type VectorReduce = (x: Storage, xAt: number, runs: Runs, y: Storage, yAt: number) => boolean;

/** By the vectors of WebAssembly: what is reduced is copied into its memory. */
export function vectorReduce(combine: Formula, initial: number): VectorReduce {
  const reduce = reducing(combine, initial);
  return (x, xAt, { columns, columnStep, outer, outerStep, inner }, y, yAt) => {
    const span = (columns - 1) * columnStep + (outer - 1) * outerStep + inner;
    const entries = columns * outer * inner;
    const isForwards = columnStep >= 0 && outerStep >= 0;
    if (!(x instanceof Float32Array) || !isForwards || entries < FEWEST || span > SPREAD * entries) return false;
    const run = reduce();
    const start = 2 * columns;
    // Vectors may be read beyond the last run.
    const numbers = run && roomFor(start + span + REGISTERS);
    if (!numbers) return false;
    numbers.set(x.subarray(xAt, xAt + span), start);
    const [columnBytes, outerBytes] = [columnStep * BYTES, outerStep * BYTES];
    run(columns, columnBytes, outer, outerBytes, inner, start * BYTES);
    y.set(new Float64Array(numbers.buffer, 0, columns), yAt);
    return true;
  };
}

/** Columns, runs and entries, with the bytes between them, and where the first run begins. The results go to the beginning. */
function reducing(combine: Formula, initial: number): ReturnType<typeof vectorFunction> {
  return vectorFunction((w) => {
    const m = vectorScalarMath(w);
    const join = (a: Code, b: Code): Code => m.numberOf(combine(m, m.fromNumbers(a), m.fromNumbers(b)));
    w.procedure('run', 6, (columns, columnBytes, outer, outerBytes, inner, x) => {
      const start = w.constant(initial);
      const cursors = [[x, columnBytes] as const, [w.index(0), DOUBLE_BYTES] as const];
      w.loop(columns, cursors, (column, y) => {
        const sums = Array.from({ length: REGISTERS }, () => w.keep(start));
        const rest = w.keep(start);
        w.loop(outer, [[column, outerBytes]], (run) =>
          eachEntry(w, run, inner, sums.length, (k, value) => {
            const sum = sums[k] ?? rest;
            sum.set(join(sum.get(), value));
          }),
        );
        const [first, ...others] = sums.map((sum) => sum.get());
        const all = w.combineLanes(others.reduce(join, first), join);
        w.storeElement(y, join(all, rest.get()));
      });
    });
  }, 'float64');
}

/** Vectors of a run, which take turns; then, as number `turns`, what is left of it, in every lane. */
function eachEntry(
  w: LoopMath<Index, Code>,
  run: Index,
  length: Index,
  turns: number,
  visit: (turn: number, value: Code) => void,
): void {
  const bytes = w.lanes * BYTES;
  const rounds = w.fix(w.quotient(length, turns * w.lanes));
  w.loop(rounds, [[run, turns * bytes]], (at) => {
    for (let turn = 0; turn < turns; turn++) visit(turn, w.loadSingles(w.plus(at, turn * bytes)));
  });
  const done = w.fix(w.times(rounds, turns * w.lanes));
  w.loop(w.minus(length, done), [[w.plus(run, w.times(done, BYTES)), BYTES]], (at) => visit(turns, w.splatSingle(at)));
}
