import { newStorage, type Storage } from '../../core/dtype.ts';
import { contiguousStrides, sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { type Graph, type GraphNode, type Place, spanOf, type Value } from '../graph.ts';
import { entriesToJSON } from './entries-json.ts';
import { FORMAT, type GraphJSON, type InputJSON, type NodeJSON, type ValueJSON, VERSION } from './graph-json.ts';
import { paramsToJSON } from './params-json.ts';

/**
 * A graph as plain JSON, for `JSON.stringify`: other engines, and later runs, read it.
 *
 * @throws GradtapeError if a primitive has parameters that are no plain data.
 */
export function graphToJSON(graph: Graph): GraphJSON {
  const seen = seenOf(graph);
  const given = new Set([...graph.inputs.map(({ value }) => value), ...graph.nodes.map(({ output }) => output)]);
  return {
    format: FORMAT,
    version: VERSION,
    values: graph.values.map((value, number) =>
      given.has(number) ? valueToJSON(value, number, seen.get(value.place.buffer)?.[0] ?? 0) : unusedToJSON(value),
    ),
    inputs: graph.inputs.map(({ value, constant }) => inputToJSON(graph, value, constant, seen)),
    nodes: graph.nodes.map(nodeToJSON),
    outputs: graph.outputs,
  };
}

/** The entries of each constant's buffer that values see, from the first to before the last: only these are written. */
function seenOf(graph: Graph): ReadonlyMap<number, Span> {
  const seen = new Map<number, Span>();
  const owners = new Set(graph.inputs.flatMap(({ value, constant }) => (constant ? [value] : [])));
  for (const value of graph.values) {
    const { buffer } = value.place;
    if (!owners.has(buffer)) continue;
    const [from, to] = spanOf(value);
    const known = seen.get(buffer) ?? [from, to];
    seen.set(buffer, [Math.min(known[0], from), Math.max(known[1], to)]);
  }
  return seen;
}

type Span = readonly [from: number, to: number];

function placeOf({ values }: Graph, value: number): Place {
  return (values[value] as Value).place;
}

/** A value that is gone since the graph was simplified keeps its number; where it would lie means nothing. */
function unusedToJSON({ shape, dtype }: Value): ValueJSON {
  return { shape, dtype };
}

function valueToJSON({ shape, dtype, place }: Value, number: number, start: number): ValueJSON {
  const offset = place.offset - start;
  const isPlain = place.buffer === number && offset === 0 && sameShape(place.strides, contiguousStrides(shape));
  return isPlain ? { shape, dtype } : { shape, dtype, place: { buffer: place.buffer, offset, strides: place.strides } };
}

function inputToJSON(
  graph: Graph,
  value: number,
  constant: Tensor | undefined,
  seen: ReadonlyMap<number, Span>,
): InputJSON {
  if (constant === undefined) return { value };
  const { buffer } = placeOf(graph, value);
  if (buffer !== value) return { value, constant: { buffer } };
  return { value, constant: entriesToJSON(part(constant, seen.get(value) as Span)) };
}

/** A part of a tensor's storage, in memory of its own. */
function part({ storage, dtype }: Tensor, [from, to]: Span): Storage {
  const entries = newStorage(dtype, to - from);
  entries.set(storage.subarray(from, to));
  return entries;
}

function nodeToJSON({ primitive, params, inputs, output }: GraphNode): NodeJSON {
  const json = paramsToJSON(params, primitive.name);
  return { primitive: primitive.name, ...(json === undefined ? {} : { params: json }), inputs, output };
}
