import { constant } from '../core/allocate.ts';
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
  const parts = partsOfSums(graph);
  const values: Value[] = [...graph.values];
  const inputs: Input[] = [...graph.inputs];
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    const { shape, dtype, place } = values[node.output] as Value;
    const found = isAdd(node) && isFloating(dtype) ? inOrder(parts.get(node.output), shape) : undefined;
    if (found === undefined) return [node];
    const zeros = constant(0, shape, dtype);
    const joined = values.push({ shape, dtype, place: { ...place, buffer: values.length } }) - 1;
    const placeOfZeros: Place = { buffer: values.length, offset: zeros.offset, strides: zeros.strides };
    const zero = values.push({ shape, dtype, place: placeOfZeros }) - 1;
    inputs.push({ value: zero, constant: zeros });
    return [
      { primitive: concatPrimitive, params: { dim: found.dim }, inputs: found.inputs, output: joined },
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

/** What parts are in, and sums that add nothing but parts which nobody else sees: the parts of each. */
function partsOfSums(graph: Graph): ReadonlyMap<number, readonly Embedded[]> {
  const uses = usesOf(graph);
  const parts = new Map<number, readonly Embedded[]>();
  for (const node of graph.nodes) {
    const { primitive, params, inputs, output } = node;
    if (primitive === embedPrimitive) {
      parts.set(output, [{ input: inputs[0] as number, ranges: (params as { ranges: readonly Range[] }).ranges }]);
    } else if (isAdd(node)) {
      const added = inputs.map((x) => (uses.get(x) === 1 ? parts.get(x) : undefined));
      if (added.every((of) => of !== undefined)) parts.set(output, added.flat());
    }
  }
  return parts;
}

function isAdd({ primitive, inputs }: GraphNode): boolean {
  return primitive === add.primitive && inputs[0] !== inputs[1];
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
