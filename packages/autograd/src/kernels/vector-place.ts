import type { Tensor } from '../core/tensor.ts';
import type { Cursor } from './loop-math.ts';
import { type PairNest, visitInnerLoops } from './pair-nest.ts';
import { BYTES, LANES, roomFor, vectorFunction } from './wasm/vector-work.ts';
import type { Index } from './wasm/write-wasm.ts';

/** Fewer entries are not worth the copies. */
const FEWEST = 8192;
/** What an operand spans is copied whole, if that is not more than so many times the entries. */
const SPREAD = 4;

/**
 * Copies, or adds, the entries of `x` to the places of `y`, both of float32, by the vectors of WebAssembly: all that the two
 * span is copied into its memory, and what the target spans out of it. False, with nothing done, where there are no
 * vectors, or where they are no gain: only rows that lie in one piece are taken by vectors.
 */
export type VectorPlace = (y: Tensor, x: Tensor, nest: PairNest) => boolean;

export function vectorPlace(add: boolean): VectorPlace {
  const move = moving(add);
  return (y, x, nest) => {
    const [ySpan, xSpan] = [spanOf(nest.sizes, nest.ySteps), spanOf(nest.sizes, nest.xSteps)];
    if (x.length < FEWEST || Math.max(ySpan, xSpan) > SPREAD * x.length) return false;
    const run = move();
    const numbers = run && roomFor(ySpan + xSpan + LANES);
    if (!numbers) return false;
    const isOverwritten = !add && ySpan === x.length;
    if (!isOverwritten) numbers.set(y.storage.subarray(y.offset, y.offset + ySpan));
    numbers.set(x.storage.subarray(x.offset, x.offset + xSpan), ySpan);
    visitInnerLoops(nest, 0, ySpan, (yAt, xAt, { sizes, ySteps, xSteps }) => {
      run(...sizes, yAt, ySteps[0], ySteps[1], xAt, xSteps[0], xSteps[1]);
    });
    y.storage.set(numbers.subarray(0, ySpan), y.offset);
    return true;
  };
}

/** How many entries lie from the first place to the last; infinitely many unless steps lead forwards and rows lie in one piece. */
function spanOf(sizes: readonly number[], steps: readonly number[]): number {
  if (steps[steps.length - 1] !== 1 || steps.some((step) => step < 0)) return Number.POSITIVE_INFINITY;
  return 1 + sizes.reduce((sum, size, d) => sum + (size - 1) * steps[d], 0);
}

/** Goes over planes, rows and columns; places and steps of the two operands are counted in entries. */
function moving(add: boolean): ReturnType<typeof vectorFunction> {
  return vectorFunction((w) => {
    const value = (to: Index, from: Index) => (add ? w.add(w.load(to), w.load(from)) : w.load(from));
    const loop = (
      count: Index,
      [to, toStep]: Cursor<Index>,
      [from, fromStep]: Cursor<Index>,
      body: (to: Index, from: Index) => void,
    ) =>
      w.loop(
        count,
        [
          [to, toStep],
          [from, fromStep],
        ],
        body,
      );
    w.procedure('run', 9, (planes, rows, columns, ...entries) => {
      const [y, yPlane, yRow, x, xPlane, xRow] = entries.map((count) => w.fix(w.times(count, BYTES)));
      const vectors = w.fix(w.quotient(columns, LANES));
      const whole = w.fix(w.times(vectors, LANES));
      const rest = w.fix(w.minus(columns, whole));
      const bytesOfWhole = w.fix(w.times(whole, BYTES));
      loop(planes, [y, yPlane], [x, xPlane], (yAt, xAt) =>
        loop(rows, [yAt, yRow], [xAt, xRow], (to, from) => {
          const step = LANES * BYTES;
          loop(vectors, [to, step], [from, step], (to, from) => w.store(to, value(to, from)));
          const [toRest, fromRest] = [w.plus(to, bytesOfWhole), w.plus(from, bytesOfWhole)];
          loop(rest, [toRest, BYTES], [fromRest, BYTES], (to, from) => w.storeElement(to, value(to, from)));
        }),
      );
    });
  });
}
