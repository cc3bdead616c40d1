import { contiguousStrides, entriesOf } from '../core/shape.ts';
import { areLinesNear } from '../kernels/product/operand.ts';
import { embedPrimitive, rangesWith, slicePrimitive } from '../primitives/linear/slice.ts';
import type { Graph, GraphNode, Value } from './graph.ts';
import { storageBytes } from './stages.ts';

/** Bytes of a line of the cache. */
const LINE = 64;

/** So many lines multiplied by a matrix are worth a copy of it; tests try it on little data. */
export const layingOut: { leastLines: number } = { leastLines: 512 };

/** Larger matrices do not stay near the processor, and are better packed block by block. */
export const MOST_LAID_OUT: number = 2 ** 18;

/**
 * A graph in which matrices that many lines are multiplied by lie as a product reads them without packing: transposed
 * weights, say, that a layer multiplies by in every step of a sequence, are copied once, not packed by every product and in
 * every thread. What comes in is laid out before all else, so that it parts no stages that follow one another.
 */
export function layOutOperands(graph: Graph): Graph {
  const lines = new Map<string, number>();
  for (const node of graph.nodes) {
    const key = keyOf(graph, node);
    if (key !== undefined) lines.set(key, (lines.get(key) ?? 0) + linesOf(graph, node));
  }
  const values: Value[] = [...graph.values];
  const copies = new Map<string, number>();
  const comingIn = new Set(graph.inputs.map(({ value }) => value));
  const makers = new Map(graph.nodes.map((node) => [node.output, node]));
  const first = new Set<GraphNode>();
  /** The looks at what comes in through which a value is seen. */
  const looksBehind = (value: number): GraphNode[] => {
    const maker = makers.get(value);
    return maker === undefined ? [] : [...looksBehind(maker.inputs[0] as number), maker];
  };
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    const key = keyOf(graph, node);
    if (key === undefined || (lines.get(key) ?? 0) < layingOut.leastLines) return [node];
    const [left, right] = node.inputs as [number, number];
    const known = copies.get(key);
    const copy = known ?? values.length + 1;
    const read: GraphNode = { ...node, inputs: [left, copy] };
    if (known !== undefined) return [read];
    copies.set(key, copy);
    const made = layOut(values, right);
    const isInput = comingIn.has((graph.values[right] as Value).place.buffer);
    if (!isInput) return [...made, read];
    for (const node of [...looksBehind(right), ...made]) first.add(node);
    return [read];
  });
  return { ...graph, values, nodes: [...first, ...nodes.filter((node) => !first.has(node))] };
}

/** Nodes, and their values, that copy a matrix into longer rows and look at its columns there. */
function layOut(values: Value[], matrix: number): GraphNode[] {
  const { shape, dtype } = values[matrix] as Value;
  const columns = shape.at(-1) as number;
  const longer = [...shape.slice(0, -1), lengthOfRows(columns, storageBytes[dtype as 'float32' | 'float64'])];
  const ranges = rangesWith(shape, -1, { start: 0, step: 1, size: columns });
  const strides = contiguousStrides(longer);
  const room = values.push({ shape: longer, dtype, place: { buffer: values.length, offset: 0, strides } }) - 1;
  const copy = values.push({ shape, dtype, place: { buffer: room, offset: 0, strides } }) - 1;
  return [
    { primitive: embedPrimitive, params: { shape: longer, ranges }, inputs: [matrix], output: room },
    { primitive: slicePrimitive, params: { ranges }, inputs: [room], output: copy },
  ];
}

/** The next length that is an odd number of the cache's lines: rows are then spread over all of it. */
function lengthOfRows(columns: number, bytes: number): number {
  const lines = Math.ceil((columns * bytes) / LINE);
  return ((lines + 1 - (lines % 2)) * LINE) / bytes;
}

/** What the second matrix of a product is, if there is one and it would be packed. */
function keyOf(graph: Graph, { primitive, inputs, output }: GraphNode): string | undefined {
  if (primitive.kernel?.kind !== 'product') return undefined;
  const { shape, dtype, place } = graph.values[inputs[1] as number] as Value;
  const isOne = entriesOf((graph.values[output] as Value).shape.slice(0, -2)) === 1;
  if (!isOne || (dtype !== 'float32' && dtype !== 'float64')) return undefined;
  const bytes = storageBytes[dtype];
  const [row, column] = place.strides.slice(-2) as [number, number];
  const isNear = (rowSteps: number, columnSteps: number): boolean =>
    areLinesNear({ row: columnSteps * bytes, column: rowSteps * bytes }, bytes);
  const isBetterCopied = !isNear(row, column) && isNear(lengthOfRows(shape.at(-1) as number, bytes), 1);
  if (!isBetterCopied || entriesOf(shape) === 0 || entriesOf(shape) * bytes > MOST_LAID_OUT) return undefined;
  return `${place.buffer}|${place.offset}|${place.strides.join()}|${shape.join()}`;
}

function linesOf({ values }: Graph, { output }: GraphNode): number {
  return (values[output] as Value).shape.at(-2) as number;
}
