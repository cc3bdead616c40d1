import { adopt } from '../core/allocate.ts';
import { entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { withRecording } from '../tape/bind.ts';
import { withObserver } from '../tape/observer.ts';
import { type Graph, type GraphNode, type Input, isView, type Value } from './graph.ts';

/** Larger results are computed in each run rather than kept. */
const MOST_ENTRIES = 2 ** 16;

/** Computes now what depends on constants alone. */
export function foldConstants(graph: Graph): Graph {
  const known = new Map<number, Tensor>();
  for (const { value, constant } of graph.inputs) if (constant !== undefined) known.set(value, constant);
  const inputs: Input[] = [...graph.inputs];
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const operands = node.inputs.map((x) => known.get(x));
    const isFolded = operands.length > 0 && operands.every((x) => x !== undefined) && isSmall(graph, node.output);
    if (isFolded) known.set(node.output, compute(node, operands as Tensor[]));
    if (isFolded && !isView(graph, node.output)) inputs.push({ value: node.output, constant: known.get(node.output) });
    else nodes.push(node);
  }
  return { ...graph, inputs, nodes };
}

function isSmall({ values }: Graph, value: number): boolean {
  return entriesOf((values[value] as Value).shape) <= MOST_ENTRIES;
}

/** The value in reading order in a storage of its own, as the graph says of it. */
function compute({ primitive, params }: GraphNode, operands: readonly Tensor[]): Tensor {
  const result = withObserver(undefined, () => withRecording(false, () => primitive.evaluate(operands, params)));
  return adopt(result.toTypedArray(), result.shape, result.dtype);
}
