import type { LoopMath } from './loop-math.ts';

/** Entries of a block in memory, whatever they are stored as. */
export interface Block<I, V> {
  readonly sizes: readonly number[];
  /** The entry at an index for each dim, in every lane. */
  load(...indices: readonly I[]): V;
  /** Stores the first lane. */
  store(value: V, ...indices: readonly I[]): void;
}

/** The blocks that belong together, with room for elements that nobody else uses. */
export interface BlockWork<I, V> {
  readonly inputs: readonly Block<I, V>[];
  readonly output: Block<I, V>;
  /** The address of the first. */
  readonly room: I;
}

/** The first lane of a mask as a condition. */
export function isSet<I, V>(w: LoopMath<I, V>, mask: V): I {
  return w.toIndex(w.and(mask, w.constant(1)));
}

/** Runs through all indices of a block. */
export function eachEntry<I, V>(
  w: LoopMath<I, V>,
  sizes: readonly number[],
  body: (...indices: readonly I[]) => void,
  outer: readonly I[] = [],
): void {
  const [size, ...others] = sizes;
  if (size === undefined) body(...outer);
  else w.loop(w.index(size), [[w.index(0), 1]], (index) => eachEntry(w, others, body, [...outer, index]));
}
