import type { Tensor } from '../core/tensor.ts';
import { foldConstants } from './fold-constants.ts';
import type { Graph, GraphNode, Input, Place, Value } from './graph.ts';
import { joinParts } from './join-parts.ts';

/** A graph that computes the same outputs: without what they do not depend on, nothing twice, constants now, parts joined. */
export function simplify(recorded: Graph): { graph: Graph; numberOf(value: number): number } {
  const graph = foldConstants(recorded);
  const same = sameValues(graph);
  const numberOf = (value: number): number => same.get(value) ?? value;
  /** What looks into a value that is gone looks into the one that equals it. */
  const moved = (place: Place): Place => {
    const next = same.get(place.buffer);
    if (next === undefined) return place;
    const [from, to] = [placeOf(graph, place.buffer), placeOf(graph, next)];
    return moved({ ...place, buffer: to.buffer, offset: place.offset - from.offset + to.offset });
  };
  const values: Value[] = graph.values.map(({ place, ...value }) => ({ ...value, place: moved(place) }));
  const nodes = graph.nodes
    .filter(({ output }) => !same.has(output))
    .map((node): GraphNode => ({ ...node, inputs: node.inputs.map(numberOf) }));
  const inputs = graph.inputs.filter(({ value }) => !same.has(value));
  const outputs = graph.outputs.map(numberOf);
  return { graph: withoutDeadCode(joinParts({ values, inputs, nodes, outputs })), numberOf };
}

/** Constants of more entries are not looked through for differences. */
const MOST_COMPARED = 65536;

/** Values that equal an earlier one: the same constant, or the same primitive of equal values. */
function sameValues(graph: Graph): Map<number, number> {
  const same = new Map<number, number>();
  const known = new Map<string, number>();
  const meet = (key: string, value: number): void => {
    const first = known.get(key);
    if (first === undefined) known.set(key, value);
    else same.set(value, first);
  };
  const several = buffersOfSeveralEntries(graph);
  for (const { value, constant } of graph.inputs) {
    const key = constant && constantKey(constant);
    if (key !== undefined && !several.has(value)) meet(key, value);
  }
  const names = new Map<GraphNode['primitive'], number>();
  for (const { primitive, params, inputs, output } of graph.nodes) {
    const name = names.get(primitive) ?? names.size;
    names.set(primitive, name);
    meet(`${name}|${JSON.stringify(params) ?? ''}|${inputs.map((x) => same.get(x) ?? x).join()}`, output);
  }
  return same;
}

/** Constants may be parts of one storage: buffers of which more than one entry is seen must stay. */
function buffersOfSeveralEntries({ values }: Graph): Set<number> {
  const several = new Set<number>();
  for (const { shape, place } of values) {
    const isOne =
      place.offset === (values[place.buffer] as Value).place.offset &&
      place.strides.every((step, d) => step === 0 || shape[d] === 1);
    if (!isOne) several.add(place.buffer);
  }
  return several;
}

function placeOf({ values }: Graph, value: number): Place {
  return (values[value] as Value).place;
}

/** Constants with the same entry everywhere are known by it. */
function constantKey(constant: Tensor): string | undefined {
  const entry = uniformEntry(constant);
  if (entry === undefined) return undefined;
  return `constant|${constant.dtype}|${constant.shape.join()}|${Object.is(entry, -0) ? '-0' : entry}`;
}

/** The one entry of a tensor that has the same everywhere by its strides. */
export function uniformEntry(x: Tensor): number | undefined {
  const isUniform = x.length > 0 && x.strides.every((step, d) => step === 0 || x.shape[d] === 1);
  return isUniform ? (x.storage[x.offset] as number) : undefined;
}

/** The one entry of a tensor whose entries are all the same. */
export function onlyEntry(x: Tensor): number | undefined {
  const entry = x.storage[x.offset];
  const isSame = x.contiguous && x.length > 0 && x.length <= MOST_COMPARED;
  const entries = isSame ? x.storage.subarray(x.offset, x.offset + x.length) : [];
  return isSame && entries.every((other: number) => Object.is(other, entry)) ? entry : uniformEntry(x);
}

function withoutDeadCode(graph: Graph): Graph {
  const needed = new Set(graph.outputs);
  const need = (value: number): void => {
    needed.add(value);
    needed.add((graph.values[value] as Value).place.buffer);
  };
  for (const value of [...needed]) need(value);
  const nodes = [...graph.nodes]
    .reverse()
    .filter(({ inputs, output }) => {
      if (!needed.has(output)) return false;
      inputs.forEach(need);
      return true;
    })
    .reverse();
  const inputs: readonly Input[] = graph.inputs.filter(
    ({ value, constant }) => constant === undefined || needed.has(value),
  );
  return { ...graph, nodes, inputs };
}
