import type { Block, BlockWork } from './block-work.ts';
import { LoopInterpreter } from './interpret-loops.ts';
import type { Lanes } from './interpret-vectors.ts';
import type { LoopMath } from './loop-math.ts';
import type { ElementType } from './vector-math.ts';

/** Entries in reading order. */
export interface Entries {
  readonly sizes: readonly number[];
  readonly entries: ArrayLike<number>;
}

/** What loops make of some blocks, by the interpreter, for tests of such loops. */
export function runOnBlocks(
  write: <I, V>(w: LoopMath<I, V>, work: BlockWork<I, V>) => void,
  inputs: readonly Entries[],
  sizes: readonly number[],
  room: number,
  [elementType, lanes]: readonly [ElementType, number] = ['float64', 4],
): Float64Array {
  const counts = [...inputs.map(({ entries }) => entries.length), sizes.reduce((product, size) => product * size, 1)];
  const starts = counts.map((_, k) => sum(counts.slice(0, k)));
  const end = sum(counts);
  const memory = new Float64Array(end + room).fill(Number.NaN);
  for (const [k, { entries }] of inputs.entries()) memory.set(Array.from(entries), starts[k]);
  const w = new LoopInterpreter(lanes, memory, elementType);
  const blocks = [...inputs.map((input) => input.sizes), sizes].map((size, k) => blockAt(w, starts[k], size));
  write(w, { inputs: blocks.slice(0, -1), output: blocks[inputs.length], room: end });
  return memory.slice(starts[inputs.length], end);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, x) => total + x, 0);
}

function blockAt(w: LoopInterpreter, start: number, sizes: readonly number[]): Block<number, Lanes> {
  const address = (indices: readonly number[]): number =>
    start + indices.reduce((sum, index, d) => sum * sizes[d] + index, 0);
  return {
    sizes,
    load: (...indices) => w.splat(address(indices)),
    store: (value, ...indices) => w.storeElement(address(indices), value),
  };
}
