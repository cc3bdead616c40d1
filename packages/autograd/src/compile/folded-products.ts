import { entriesOf } from '../core/shape.ts';
import { type Graph, type GraphNode, usesOf, type Value } from './graph.ts';
import { type Part, partsOf } from './parts.ts';
import { type FoldedDim, type FoldedProduct, isEmpty } from './stages.ts';

/**
 * Products that are only added to places which overlap, by the number of the result: the columns of a convolution's gradient
 * by its input, or of a transposed convolution. They are made and added for one image after the other, so that never more than
 * one image's columns are there for each thread.
 */
export function foldedProducts(graph: Graph): ReadonlyMap<number, FoldedProduct> {
  const makers = new Map(graph.nodes.map((node) => [node.output, node]));
  const uses = usesOf(graph);
  return new Map(
    graph.nodes.flatMap((node) => {
      const { kernel } = node.primitive;
      if (kernel?.kind !== 'place' || !kernel.overlapping || isEmpty(valueAt(graph, node.output).shape)) return [];
      const [x] = node.inputs as [number];
      const product = makers.get(valueAt(graph, x).place.buffer);
      if (product?.primitive.kernel?.kind !== 'product' || uses.get(product.output) !== 1) return [];
      const [part] = partsOf(graph, node, kernel) as [Part];
      const folded = inBlocks(graph, product, valueAt(graph, x), part);
      return folded ? [[node.output, folded] as const] : [];
    }),
  );
}

function valueAt(graph: Graph, value: number): Value {
  return graph.values[value] as Value;
}

/** The way in which a product is added to a part by blocks of columns, if no two blocks meet there. */
function inBlocks(graph: Graph, product: GraphNode, added: Value, part: Part): FoldedProduct | undefined {
  const { shape } = valueAt(graph, product.output);
  const [m, n] = shape.slice(-2) as [number, number];
  const depth = valueAt(graph, product.inputs[0] as number).shape.at(-1);
  if (added.place.offset !== 0 || depth === 0 || isEmpty(added.shape)) return undefined;
  const all = added.shape.map((size, d) => ({
    size,
    from: added.place.strides[d] as number,
    to: part.strides[d] as number,
  }));
  const dims = cutAt(all, m * n)?.filter(({ size }) => size > 1);
  const entries = dims?.find(({ from }) => from === m * n) ?? single;
  const blocks = dims?.find(({ size, from }) => size * from === n) ?? single;
  const inside = dims?.filter((dim) => dim !== entries && dim !== blocks);
  const columns = n / blocks.size;
  const isWhole = entries.size === entriesOf(shape.slice(0, -2)) && entriesOf(added.shape) === entriesOf(shape);
  if (inside === undefined || !isWhole || blocks.size === 1) return undefined;
  const within = inside.map(({ size, from, to }) => {
    if (from >= n) return from % n === 0 && from < m * n ? { size, from: (from / n) * columns, to } : undefined;
    return size * from <= columns ? { size, from, to } : undefined;
  });
  const isCut = within.every((dim): dim is FoldedDim => dim !== undefined);
  const isApart = areApart(
    [entries, blocks],
    within.filter((dim) => dim !== undefined),
  );
  return isCut && isApart ? { product, entries, blocks, within, columns, offset: part.offset } : undefined;
}

const single: FoldedDim = { size: 1, from: 0, to: 0 };

/** Dims of which none goes over a multiple of so many entries; undefined where one cannot be cut there. */
function cutAt(dims: readonly FoldedDim[], length: number): readonly FoldedDim[] | undefined {
  const cut = dims.map((dim): readonly FoldedDim[] | undefined => {
    const { size, from, to } = dim;
    if (from >= length || size * from <= length) return [dim];
    const inner = length / from;
    if (!Number.isInteger(inner) || size % inner !== 0) return undefined;
    return [
      { size: size / inner, from: length, to: to * inner },
      { size: inner, from, to },
    ];
  });
  return cut.every((parts) => parts !== undefined) ? cut.flat() : undefined;
}

/** Whether what different turns of the outer dims add to never meets. */
function areApart(outer: readonly FoldedDim[], inner: readonly FoldedDim[]): boolean {
  if ([...outer, ...inner].some(({ to }) => to < 0)) return false;
  let reach = inner.reduce((sum, { size, to }) => sum + (size - 1) * to, 0);
  for (const { size, to } of [...outer].sort((a, b) => a.to - b.to)) {
    if (size > 1 && to <= reach) return false;
    reach += (size - 1) * to;
  }
  return true;
}
