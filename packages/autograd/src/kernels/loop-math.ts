import type { Register, VectorMath } from './vector-math.ts';

export type { Register } from './vector-math.ts';

/**
 * The algebra in which a loop nest is written once, for every engine. `I` stands for an index (a 32-bit integer: a count,
 * a stride, an address), `V` for a vector of `lanes` elements. A writer interprets the operations into its own language;
 * an interpreter may just as well carry them out.
 *
 * All counts and strides may be values known only when the nest runs. A JavaScript number among the arguments is known
 * when the nest is written. Addresses and their strides are in the engine's units: `elementSize` of them to an element.
 */
export interface LoopMath<I, V> extends VectorMath<V> {
  /** Elements in a vector. */
  readonly lanes: number;
  /** What one element adds to an address: WebAssembly counts bytes, JavaScript counts elements. */
  readonly elementSize: number;
  /** Writes into the same procedures by vectors of half as many elements; nothing where those would be no faster. */
  readonly narrower?: LoopMath<I, unknown> | undefined;

  /**
   * A named part of the nest with index parameters. The result calls it, from the procedures that follow. An engine may
   * compile each procedure by itself.
   */
  procedure(name: string, parameters: number, body: (...parameters: I[]) => void): (...values: I[]) => void;

  index(value: number): I;
  plus(a: I, b: I | number): I;
  minus(a: I, b: I): I;
  times(a: I, b: I | number): I;
  /** a / b rounded down, for a ≥ 0 and b > 0. */
  quotient(a: I, b: I | number): I;
  /** The condition a < b. */
  isLess(a: I, b: I | number): I;
  /** The condition a = b. */
  isEqual(a: I, b: I | number): I;
  /** One of two indices; both are computed. */
  choose(condition: I, whenTrue: I, whenFalse: I): I;
  /** Computes an index here, once: what is used again in an inner loop is fixed outside it. */
  fix(value: I): I;
  /** An index that changes as the nest runs: `set` gives it another value. */
  keepIndex(value: I): Register<I>;

  /** Runs the body `count` times (never if it is below one). Each cursor begins at its first value and moves by its second. */
  loop(count: I, cursors: readonly Cursor<I>[], body: (...positions: I[]) => void): void;
  /** Runs one of two bodies. */
  when(condition: I, whenTrue: () => void, whenFalse?: () => void): void;

  zero(): V;
  load(address: I): V;
  /** Elements that lie `step` apart. */
  loadApart(address: I, step: number): V;
  store(address: I, value: V): void;
  /** One element, in every lane. */
  splat(address: I): V;
  /** Stores the first lane only. */
  storeElement(address: I, value: V): void;
  /** Numbers of float32, whatever the elements are: side by side, or one in every lane; and back, rounded. */
  loadSingles(address: I): V;
  splatSingle(address: I): V;
  storeSingles(address: I, value: V): void;
  storeSingle(address: I, value: V): void;
  /** `lanes` whole numbers of 32 bits that lie side by side, as elements. */
  loadIntegers(address: I): V;
  /** One whole number of 32 bits as an element, in every lane. */
  splatInteger(address: I): V;
  /** Stores elements that are whole numbers below 2^31 in magnitude, or -2^31, as whole numbers of 32 bits side by side. */
  storeIntegers(address: I, value: V): void;
  /** The first lane, such a number, as an index; and an index as an element, in every lane. */
  toIndex(value: V): I;
  fromIndex(value: I): V;
  /** A whole number of 32 bits as an index, and back. */
  loadIndex(address: I): I;
  storeIndex(address: I, value: I): void;
  /** All lanes combined into one number, in every lane of the result; halves with halves, so that the order is fixed. */
  combineLanes(value: V, combine: (a: V, b: V) => V): V;
  /** `lanes` vectors read as the rows of a square: its columns. */
  transpose(rows: readonly V[]): V[];
  /** Copies one element. */
  copy(to: I, from: I): void;
}

export type Cursor<I> = readonly [from: I, step: I | number];
