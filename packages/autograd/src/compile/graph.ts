import type { DType } from '../core/dtype.ts';
import { entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Primitive } from '../tape/primitive.ts';

/**
 * A program as a graph: functional, of static shapes, in primitives only. Values are numbered; each is computed once, by a
 * node whose inputs come before it, or comes in.
 */
export interface Graph {
  readonly values: readonly Value[];
  readonly inputs: readonly Input[];
  /** In an order in which they can be computed. */
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly number[];
}

export interface Value {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly place: Place;
}

/**
 * Where a value's entries lie: in reading order in a buffer of its own (then `buffer` is the number of the value itself),
 * or as a view in the buffer of an earlier one. Offset and strides count entries.
 */
export interface Place {
  readonly buffer: number;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** A value that comes in: anew in each run, or, with entries, always the same. */
export interface Input {
  readonly value: number;
  /** Entries of a constant; one with strides of zero has the same entry everywhere. */
  readonly constant?: Tensor;
}

/** One use of a primitive. */
export interface GraphNode {
  readonly primitive: Primitive;
  readonly params: unknown;
  readonly inputs: readonly number[];
  readonly output: number;
}

/** Whether a value is a look at the entries of another. */
export function isView(graph: Graph, value: number): boolean {
  return (graph.values[value] as Value).place.buffer !== value;
}

/** The places in its buffer that a value reads: from the first to before the last. */
export function spanOf({ shape, place }: Value): readonly [number, number] {
  if (entriesOf(shape) === 0) return [place.offset, place.offset];
  const reach = place.strides.map((step, d) => step * ((shape[d] as number) - 1));
  const sum = (list: readonly number[]): number => list.reduce((total, x) => total + x, 0);
  return [place.offset + sum(reach.filter((x) => x < 0)), place.offset + sum(reach.filter((x) => x > 0)) + 1];
}

/** How often each buffer is read, or returned. */
export function usesOf(graph: Graph): Map<number, number> {
  const readers = graph.nodes.filter(({ output }) => !isView(graph, output)).flatMap(({ inputs }) => inputs);
  const uses = new Map<number, number>();
  for (const value of [...readers, ...graph.outputs]) {
    const { buffer } = (graph.values[value] as Value).place;
    uses.set(buffer, (uses.get(buffer) ?? 0) + 1);
  }
  return uses;
}
