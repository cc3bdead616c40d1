import type { Tensor } from '../core/tensor.ts';
import { type PairNest, visitInnerLoops } from './pair-nest.ts';
import { vectorSupport } from './wasm/vector-support.ts';
import { WorkMemory } from './wasm/work-memory.ts';
import { type Index, WasmWriter } from './wasm/write-wasm.ts';

/** Fewer entries are not worth the copies. */
const FEWEST = 8192;
/** What an operand spans is copied whole, if that is not more than so many times the entries. */
const SPREAD = 4;
/** Of float32. */
const LANES = 4;
const BYTES = 4;

const memory = new WorkMemory({ largestPages: 4096 });

/**
 * Copies, or adds, the entries of `x` to the places of `y`, both of float32, by the vectors of WebAssembly: all that the two
 * span is copied into its memory, and what the target spans out of it. False, with nothing done, where there are no
 * vectors, or where they are no gain: only rows that lie in one piece are taken by vectors.
 */
export type VectorPlace = (y: Tensor, x: Tensor, nest: PairNest) => boolean;

export function vectorPlace(add: boolean): VectorPlace {
  let move: Move | null | undefined;
  return (y, x, nest) => {
    const [ySpan, xSpan] = [spanOf(nest.sizes, nest.ySteps), spanOf(nest.sizes, nest.xSteps)];
    if (x.length < FEWEST || Math.max(ySpan, xSpan) > SPREAD * x.length) return false;
    if (!memory.reserve((ySpan + xSpan + LANES) * BYTES)) return false;
    move ??= compileMove(add);
    if (move === null) return false;
    const compiled = move;
    const numbers = memory.viewLike(new Float32Array());
    numbers.set(y.storage.subarray(y.offset, y.offset + ySpan));
    numbers.set(x.storage.subarray(x.offset, x.offset + xSpan), ySpan);
    visitInnerLoops(nest, 0, ySpan, (yAt, xAt, { sizes, ySteps, xSteps }) => {
      compiled(...sizes, yAt, ySteps[0], ySteps[1], xAt, xSteps[0], xSteps[1]);
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
type Move = (...values: readonly number[]) => void;

function compileMove(add: boolean): Move | null {
  const support = vectorSupport();
  if (support === 'none') return null;
  const w = new WasmWriter({ elementType: 'float32', relaxed: support === 'relaxed' });
  const value = (to: Index, from: Index) => (add ? w.add(w.load(to), w.load(from)) : w.load(from));
  w.procedure('move', 9, (planes, rows, columns, ...entries) => {
    const [y, yPlane, yRow, x, xPlane, xRow] = entries.map((count) => w.fix(w.times(count, BYTES)));
    const vectors = w.fix(w.quotient(columns, LANES));
    const whole = w.fix(w.times(vectors, LANES));
    const rest = w.fix(w.minus(columns, whole));
    const bytesOfWhole = w.fix(w.times(whole, BYTES));
    const loop = (
      count: Index,
      to: Index,
      from: Index,
      steps: readonly [Index, Index],
      body: (to: Index, from: Index) => void,
    ) =>
      w.loop(
        count,
        [
          [to, steps[0]],
          [from, steps[1]],
        ],
        body,
      );
    const each = (bytes: number): readonly [Index, Index] => [w.index(bytes), w.index(bytes)];
    loop(planes, y, x, [yPlane, xPlane], (yAt, xAt) =>
      loop(rows, yAt, xAt, [yRow, xRow], (to, from) => {
        loop(vectors, to, from, each(LANES * BYTES), (to, from) => w.store(to, value(to, from)));
        const [toRest, fromRest] = [w.plus(to, bytesOfWhole), w.plus(from, bytesOfWhole)];
        loop(rest, toRest, fromRest, each(BYTES), (to, from) => w.storeElement(to, value(to, from)));
      }),
    );
  });
  try {
    const module = new WebAssembly.Module(w.module());
    return new WebAssembly.Instance(module, memory.imports).exports.move as Move;
  } catch {
    // A content security policy may forbid compiling.
    return null;
  }
}
