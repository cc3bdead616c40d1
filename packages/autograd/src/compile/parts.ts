import { view } from '../core/allocate.ts';
import { contiguousStrides } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import type { PlaceKind } from '../kernels/kinds.ts';
import type { Graph, GraphNode, Value } from './graph.ts';

/** A part of a result, into which an input goes: its first entry and its steps, in entries. */
export interface Part {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** The part of each input in the result of a primitive that puts inputs into their places. */
export function partsOf(
  graph: Graph,
  { inputs, params, output }: GraphNode,
  kind: PlaceKind<unknown>,
): readonly Part[] {
  const { shape, dtype } = graph.values[output] as Value;
  const strides = contiguousStrides(shape);
  const model = view(new Tensor(new Float32Array(0), dtype, shape, strides, 0), shape, strides, 0);
  const values = inputs.map((x) => graph.values[x] as Value);
  return kind.parts(model, values, params);
}
