import { loopNest } from '../kernels/iteration.ts';
import type { Axis, Dim } from '../kernels/product/tables.ts';
import { type Graph, type GraphNode, isView, type Place, type Value } from './graph.ts';
import { type AxesAccess, isEmpty } from './stages.ts';

/** Copies that no program makes, by their number; for each, how its views are found in what it would be a copy of. */
export type UnmadeCopies = ReadonlyMap<number, ReadonlyMap<number, AxesAccess>>;

/**
 * The copies that only products read: windows as the columns of a matrix, say, or a cotangent whose batch and positions are
 * one dim. A product packs its operands block by block anyway, so it may as well read what they would be copied from.
 */
export function unmadeCopies(graph: Graph): UnmadeCopies {
  const kept = new Set(graph.outputs.map((y) => placeOf(graph, y).buffer));
  const readers = readersOf(graph);
  return new Map(
    graph.nodes.flatMap((node) => {
      if (kept.has(node.output) || !isCopy(graph, node)) return [];
      const found = new Map<number, AxesAccess>();
      for (const { reader, value } of readers.get(node.output) ?? []) {
        const access = isProduct(reader) ? behindCopy(graph, node, value) : undefined;
        if (access === undefined) return [];
        found.set(value, access);
      }
      return [[node.output, found] as const];
    }),
  );
}

function placeOf(graph: Graph, value: number): Place {
  return (graph.values[value] as Value).place;
}

/** Whether a node gives the entries of its input in another order, in a buffer of their own. */
function isCopy(graph: Graph, { primitive, output }: GraphNode): boolean {
  const { shape, dtype } = graph.values[output] as Value;
  const isFloating = dtype === 'float32' || dtype === 'float64';
  return primitive.kernel?.kind === 'view' && !isView(graph, output) && isFloating && !isEmpty(shape);
}

function isProduct({ primitive }: GraphNode): boolean {
  return primitive.kernel?.kind === 'product';
}

/** What computes with the entries of each buffer, through whatever views. */
function readersOf(graph: Graph): Map<number, { reader: GraphNode; value: number }[]> {
  const readers = new Map<number, { reader: GraphNode; value: number }[]>();
  for (const reader of graph.nodes) {
    if (isView(graph, reader.output)) continue;
    for (const value of reader.inputs) {
      const { buffer } = placeOf(graph, value);
      readers.set(buffer, [...(readers.get(buffer) ?? []), { reader, value }]);
    }
  }
  return readers;
}

/** Where the entries of a view into a copy lie in what is copied; undefined if that cannot be said dim by dim. */
function behindCopy(graph: Graph, copy: GraphNode, value: number): AxesAccess | undefined {
  const source = graph.values[copy.inputs[0] as number] as Value;
  const { shape, place } = graph.values[value] as Value;
  if (place.offset !== 0) return undefined;
  const { sizes, strides } = loopNest(source.shape, [source.place.strides]);
  const dims = sizes.map((size, d) => ({ size, step: (strides[0] as number[])[d] as number }));
  const axes = shape.map((size, d) => axisBehind(dims, size, place.strides[d] as number));
  const isFound = axes.every((axis): axis is Axis => axis !== undefined);
  // Of several matrices, each must begin at a multiple of one step.
  if (!isFound || axes.slice(0, -2).some((axis) => axis.length > 1)) return undefined;
  return { buffer: source.place.buffer, offset: source.place.offset, axes };
}

/** The dims that an axis goes through if it takes so many steps, of so many entries each, in the reading order of `dims`. */
function axisBehind(dims: readonly Dim[], size: number, step: number): Axis | undefined {
  if (size === 1) return [];
  if (step <= 0) return step === 0 ? [{ size, step }] : undefined;
  const axis: Dim[] = [];
  let skipped = step;
  let left = size;
  for (const dim of [...dims].reverse()) {
    if (left === 1) break;
    if (skipped >= dim.size) {
      if (skipped % dim.size !== 0) return undefined;
      skipped /= dim.size;
      continue;
    }
    if (dim.size % skipped !== 0) return undefined;
    const most = dim.size / skipped;
    if (left > most && left % most !== 0) return undefined;
    axis.unshift({ size: Math.min(left, most), step: dim.step * skipped });
    left = Math.ceil(left / most);
    skipped = 1;
  }
  return left === 1 ? axis : undefined;
}
