import { allocate, view } from '../core/allocate.ts';
import { isFloating } from '../core/dtype.ts';
import type { Shape } from '../core/shape.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { concatPrimitive } from '../primitives/linear/concat.ts';
import { embedPrimitive, type Range } from '../primitives/linear/slice.ts';
import { type Graph, type GraphNode, type Input, type Place, usesOf, type Value } from './graph.ts';

/**
 * A graph in which parts are put together that were added, each with zeros everywhere else: the cotangents of the parts
 * that something was split into. Each sum had an entry and zeros; one zero is still added, since `-0 + 0` is `0`.
 */
export function joinParts(graph: Graph): Graph {
  const makers = new Map(graph.nodes.map((node) => [node.output, node]));
  const uses = usesOf(graph);
  const values: Value[] = [...graph.values];
  const inputs: Input[] = [...graph.inputs];
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    const { shape, dtype, place } = values[node.output] as Value;
    const parts = isAdd(node) && isFloating(dtype) ? inOrder(partsIn(node, makers, uses), shape) : undefined;
    if (parts === undefined) return [node];
    const number = allocate([], dtype);
    const constant = view(
      number,
      shape,
      shape.map(() => 0),
      number.offset,
    );
    const joined = values.push({ shape, dtype, place: { ...place, buffer: values.length } }) - 1;
    const zeros: Place = { buffer: values.length, offset: constant.offset, strides: constant.strides };
    const zero = values.push({ shape, dtype, place: zeros }) - 1;
    inputs.push({ value: zero, constant });
    return [
      { primitive: concatPrimitive, params: { dim: parts.dim }, inputs: parts.inputs, output: joined },
      { ...node, inputs: [joined, zero] },
    ];
  });
  return { ...graph, values, inputs, nodes };
}

interface Parts {
  readonly dim: number;
  readonly inputs: readonly number[];
}

interface Embedded {
  readonly input: number;
  readonly ranges: readonly Range[];
}

/** The parts that a sum adds, if it adds nothing else and nobody else sees them or what they are in. */
function partsIn(
  node: GraphNode,
  makers: ReadonlyMap<number, GraphNode>,
  uses: ReadonlyMap<number, number>,
): readonly Embedded[] | undefined {
  const found: Embedded[] = [];
  for (const input of node.inputs) {
    const maker = makers.get(input);
    if (maker === undefined || uses.get(input) !== 1) return undefined;
    const inner = isAdd(maker) ? partsIn(maker, makers, uses) : embedded(maker);
    if (inner === undefined) return undefined;
    found.push(...inner);
  }
  return found;
}

function isAdd({ primitive, inputs }: GraphNode): boolean {
  return primitive === add.primitive && inputs[0] !== inputs[1];
}

function embedded({ primitive, params, inputs }: GraphNode): readonly Embedded[] | undefined {
  if (primitive !== embedPrimitive) return undefined;
  return [{ input: inputs[0] as number, ranges: (params as { ranges: readonly Range[] }).ranges }];
}

/** Parts that follow one another along one dim and fill it. */
function inOrder(parts: readonly Embedded[] | undefined, shape: Shape): Parts | undefined {
  if (parts === undefined) return undefined;
  const isWhole = (d: number): boolean =>
    parts.every(({ ranges }) => ranges[d]?.start === 0 && ranges[d]?.step === 1 && ranges[d]?.size === shape[d]);
  const [dim, ...others] = shape.flatMap((_, d) => (isWhole(d) ? [] : [d]));
  if (dim === undefined || others.length > 0) return undefined;
  const sorted = parts
    .map(({ input, ranges }) => ({ input, range: ranges[dim] as Range }))
    .sort((a, b) => a.range.start - b.range.start);
  let end = 0;
  const follow = sorted.every(({ range }) => {
    const isNext = range.step === 1 && range.start === end;
    end += range.size;
    return isNext;
  });
  return follow && end === shape[dim] ? { dim, inputs: sorted.map(({ input }) => input) } : undefined;
}
