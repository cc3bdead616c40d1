// A layered drawing of a graph, after Sugiyama, Tagawa and Toda (1981): layers by the longest path, order within a layer by
// the mean place of the neighbours, and bends where an edge passes through a layer.

export interface GraphNode {
  readonly id: number;
  readonly width: number;
  /** The nodes that lead here, each of which comes before. */
  readonly from: readonly number[];
}

export interface Placed {
  readonly layer: number;
  /** The middle. */
  readonly x: number;
}

export interface Drawing {
  readonly nodes: ReadonlyMap<number, Placed>;
  /** From node to node: the places that the edge passes, its ends included. */
  readonly edges: readonly (readonly Placed[])[];
  readonly width: number;
  readonly layers: number;
}

interface Item {
  layer: number;
  x: number;
  readonly width: number;
  readonly up: Item[];
  readonly down: Item[];
}

const GAP = 16;
const BEND = 8;
const SWEEPS = 8;

/** Places nodes, given in an order in which each comes after those that lead to it. */
export function layered(nodes: readonly GraphNode[]): Drawing {
  const items = new Map<number, Item>(nodes.map(({ id, width }) => [id, { layer: 0, x: 0, width, up: [], down: [] }]));
  assignLayers(nodes, items);
  const all = [...items.values()];
  const edges = nodes.flatMap(({ id, from }) =>
    from.map((source) => chain(itemOf(items, source), itemOf(items, id), all)),
  );
  const layers: Item[][] = [];
  for (const item of all) {
    layers[item.layer] ??= [];
    layers[item.layer].push(item);
  }
  for (const layer of layers) spread(layer);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const downwards = sweep % 2 === 0;
    for (const layer of downwards ? layers : [...layers].reverse()) {
      for (const item of layer) item.x = mean(downwards ? item.up : item.down) ?? item.x;
      layer.sort((a, b) => a.x - b.x);
      spread(layer);
    }
  }
  const left = Math.min(...all.map(({ x, width }) => x - width / 2));
  for (const item of all) item.x -= left;
  const width = Math.max(...all.map((item) => item.x + item.width / 2));
  return { nodes: items, edges, width, layers: layers.length };
}

function itemOf(items: ReadonlyMap<number, Item>, id: number): Item {
  return items.get(id) as Item;
}

/** Each node below all that lead to it, and no further up than just above the first that uses it. */
function assignLayers(nodes: readonly GraphNode[], items: ReadonlyMap<number, Item>): void {
  for (const { id, from } of nodes) {
    const above = from.map((source) => itemOf(items, source).layer);
    itemOf(items, id).layer = Math.max(-1, ...above) + 1;
  }
  const firstUse = new Map<number, number>();
  for (const { id, from } of [...nodes].reverse()) {
    const item = itemOf(items, id);
    item.layer = Math.max(item.layer, (firstUse.get(id) ?? 0) - 1);
    for (const source of from) firstUse.set(source, Math.min(firstUse.get(source) ?? Infinity, item.layer));
  }
}

/** An edge, with a bend in every layer that it passes. */
function chain(from: Item, to: Item, all: Item[]): readonly Item[] {
  const path = [from];
  for (let layer = from.layer + 1; layer < to.layer; layer++) {
    const bend: Item = { layer, x: 0, width: BEND, up: [], down: [] };
    all.push(bend);
    path.push(bend);
  }
  path.push(to);
  for (let i = 1; i < path.length; i++) {
    path[i].up.push(path[i - 1]);
    path[i - 1].down.push(path[i]);
  }
  return path;
}

function mean(items: readonly Item[]): number | undefined {
  return items.length === 0 ? undefined : items.reduce((sum, { x }) => sum + x, 0) / items.length;
}

/** Moves the items of a layer apart where they overlap, and keeps their common middle. */
function spread(layer: readonly Item[]): void {
  const wanted = layer.map(({ x }) => x);
  for (let i = 1; i < layer.length; i++) {
    const [before, item] = [layer[i - 1], layer[i]];
    item.x = Math.max(item.x, before.x + (before.width + item.width) / 2 + GAP);
  }
  const shift = layer.reduce((sum, { x }, i) => sum + wanted[i] - x, 0) / Math.max(layer.length, 1);
  for (const item of layer) item.x += shift;
}
