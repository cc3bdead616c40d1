import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Window } from '../../primitives/linear/windows.ts';
import type { Primitive } from '../../tape/primitive.ts';

// What it takes to define a primitive index by index, as slowly as can be, for tests.

export type Index = readonly number[];

/** The entry of an input at an index. */
export type Entry = (input: number, index: Index) => number;

export interface Definition<P> {
  /** Whether it takes floating numbers only. Default: whole numbers, too. */
  readonly floating?: boolean;
  shape(inputs: readonly Tensor[], params: P): Shape;
  /** The value's entry at an index. */
  entry(index: Index, at: Entry, params: P, inputs: readonly Tensor[]): number;
}

/** All indices of a shape, in reading order. */
export function indicesOf(shape: Shape): Index[] {
  return shape.reduce<Index[]>(
    (shorter, size) => shorter.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

export function replaced(index: Index, dim: number, by: number): Index {
  return index.map((i, d) => (d === dim ? by : i));
}

export function sameIndex(a: Index, b: Index): boolean {
  return a.every((i, d) => i === b[d]);
}

export function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0);
}

export function range(size: number): number[] {
  return Array.from({ length: size }, (_, i) => i);
}

/** The entries that a reduction over dims joins at an index of its result. */
export function reduced(index: Index, at: Entry, dims: readonly number[], x: Tensor): number[] {
  const inside = indicesOf(x.shape).filter((full) => full.every((i, d) => dims.includes(d) || i === index[d]));
  return inside.map((full) => at(0, full));
}

export function withDimsKept([x]: readonly Tensor[], { dims }: { dims: readonly number[] }): Shape {
  return x.shape.map((size, d) => (dims.includes(d) ? 1 : size));
}

/** What an entry of a window over the last dims sees: the index in what the window moves over. */
export function seen(index: Index, windows: readonly Window[]): Index {
  const first = index.length - 2 * windows.length;
  const moved = windows.map(
    ({ stride, dilation }, w) => index[first + w] * stride + index[first + windows.length + w] * dilation,
  );
  return [...index.slice(0, first), ...moved];
}

/** The first of those along a dim that is no worse than the others; NaN is better than all. */
export function bestPlace(along: readonly number[], better: (a: number, b: number) => boolean): number {
  const isBest = (x: number): boolean => Number.isNaN(x) || !along.some((y) => Number.isNaN(y) || better(y, x));
  return along.findIndex(isBest);
}

export function along(index: Index, at: Entry, dim: number, x: Tensor): number[] {
  return range(x.shape[dim]).map((i) => at(0, replaced(index, dim, i)));
}

export function larger(a: number, b: number): boolean {
  return a > b;
}

export function smaller(a: number, b: number): boolean {
  return a < b;
}

export function define<P>(
  primitive: Primitive<P>,
  definition: Definition<P>,
): readonly [Primitive, Definition<unknown>] {
  return [primitive as Primitive, definition as Definition<unknown>];
}
