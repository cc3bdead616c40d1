import { entriesOf, type Shape } from '../core/shape.ts';
import { areLinesNear } from '../kernels/product/operand.ts';
import type { Tile } from '../kernels/product/tile.ts';
import type { Graph, Value } from './graph.ts';
import { MOST_LAID_OUT } from './lay-out-operands.ts';
import { leadingProducts, rowShape } from './row-access.ts';
import { areApart, type RowGroup } from './rows.ts';
import { computedBy, type Stage, type StorageType, storageBytes } from './stages.ts';

/** When stages are chained; tests try it on little data. */
export const chaining: { leastRows: number; leastBlocks: number; leastWork: number } = {
  leastRows: 16,
  /** Fewer blocks of rows leave threads without work. */
  leastBlocks: 6,
  /** Products of fewer multiply-adds are done before another thread has come. */
  leastWork: 600_000,
};

/** What a chain computes has no memory in common. */
const MOST_COMPUTED = 2 ** 21;

/**
 * Groups of stages that a thread takes its rows through, one group after the other, without meeting the other threads: what
 * it computed of a row it finds in its own cache, and nobody waits.
 */
export interface Chain {
  readonly groups: readonly RowGroup[];
  /** Numbers of all its stages, in order. */
  readonly stages: readonly number[];
  /** The rows that all groups have, if they are several. */
  readonly rows: number;
  /** Blocks begin at multiples of so many rows. */
  readonly grain: number;
}

/**
 * Chains groups that follow one another, contain products, and keep to their rows; any other is a chain of its own.
 *
 * @param stored Buffers that are kept in memory.
 * @param tile A block of rows fills it in every product.
 */
export function chainGroups(
  groups: readonly RowGroup[],
  stages: readonly Stage[],
  graph: Graph,
  storage: ReadonlyMap<number, StorageType>,
  stored: ReadonlySet<number>,
  tile: Tile,
): readonly Chain[] {
  const context = { stages, graph, storage, stored, tile };
  const chains: Chain[] = [];
  let current: Chain | undefined;
  const end = (): void => {
    if (current === undefined) return;
    if (current.groups.length > 1 && !isWorthIt(current, context)) chains.push(...current.groups.map(alone));
    else chains.push(current);
  };
  for (const group of groups) {
    const joined: Chain | undefined = current && join(current, group, context);
    if (joined === undefined) end();
    current = joined ?? alone(group);
  }
  end();
  return chains;
}

interface Context {
  readonly stages: readonly Stage[];
  readonly graph: Graph;
  readonly storage: ReadonlyMap<number, StorageType>;
  readonly stored: ReadonlySet<number>;
  readonly tile: Tile;
}

function alone(group: RowGroup): Chain {
  return { groups: [group], stages: group.stages, rows: group.rows, grain: 1 };
}

function join(chain: Chain, group: RowGroup, context: Context): Chain | undefined {
  const groups = [...chain.groups, group];
  const numbers = [...chain.stages, ...group.stages];
  const stages = numbers.map((k) => context.stages[k] as Stage);
  if (!haveOneType(stages) || !stages.every((stage) => readsLittleWhole(stage, context))) return undefined;
  if (bytesComputed(stages, context) > MOST_COMPUTED) return undefined;
  const possible = new Set(stages.flatMap((stage) => leadingProducts(rowShape(stage, context.graph))));
  const loops = groups.filter(({ stages: [first] }) => context.stages[first as number]?.kind === 'loops');
  const rows = [...possible]
    .sort((a, b) => b - a)
    .find(
      (count) =>
        count >= chaining.leastRows &&
        loops.every((each) => each.rows > 0 && each.rows % count === 0) &&
        Math.ceil(count / grainOf(stages, count, context)) >= chaining.leastBlocks &&
        areApart(stages, context.graph, count),
    );
  return rows === undefined ? undefined : { groups, stages: numbers, rows, grain: grainOf(stages, rows, context) };
}

function haveOneType(stages: readonly Stage[]): boolean {
  const types = new Set(stages.map((stage) => (stage.kind === 'evaluate' ? undefined : stage.elementType)));
  return types.size === 1 && !types.has(undefined);
}

/** So many rows together have lines enough in every product. */
function grainOf(stages: readonly Stage[], rows: number, { graph, tile }: Context): number {
  const lines = stages.flatMap((stage) => {
    const matrices = matricesOf(stage, graph);
    return matrices?.isOne ? [matrices.m / rows] : [];
  });
  return Math.max(1, ...lines.map((each) => Math.ceil(tile.rows / each)));
}

/** Whether a product reads its second matrix, if there is one for all rows, from where it lies: every block of rows reads it. */
function readsLittleWhole(stage: Stage, { graph, storage }: Context): boolean {
  const matrices = matricesOf(stage, graph);
  if (!matrices?.isOne) return true;
  const { place } = graph.values[matrices.right] as Value;
  const bytes = storageBytes[storage.get(place.buffer) ?? 'float32'];
  const [row, column] = place.strides.slice(-2) as [number, number];
  const isNear = areLinesNear({ row: column * bytes, column: row * bytes }, bytes);
  return isNear && matrices.n * matrices.k * bytes <= MOST_LAID_OUT;
}

function bytesComputed(stages: readonly Stage[], { graph, storage, stored }: Context): number {
  const bytesOf = (buffer: number): number =>
    entriesOf((graph.values[buffer] as Value).shape) * storageBytes[storage.get(buffer) ?? 'float32'];
  const buffers = stages.flatMap(computedBy).filter((buffer) => stored.has(buffer));
  return buffers.reduce((sum, buffer) => sum + bytesOf(buffer), 0);
}

function isWorthIt(chain: Chain, { stages, graph }: Context): boolean {
  const work = chain.stages.map((k) => {
    const stage = stages[k] as Stage;
    const matrices = matricesOf(stage, graph);
    return matrices === undefined ? 0 : matrices.count * matrices.m * matrices.n * matrices.k;
  });
  return work.reduce((sum, multiplyAdds) => sum + multiplyAdds, 0) >= chaining.leastWork;
}

/** What a product multiplies. */
interface Matrices {
  readonly count: number;
  readonly isOne: boolean;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** The second operand. */
  readonly right: number;
}

/** The matrices of a stage that is a product. */
function matricesOf(stage: Stage, graph: Graph): Matrices | undefined {
  if (stage.kind !== 'node' || stage.node.primitive.kernel?.kind !== 'product') return undefined;
  const shapeOf = (value: number): Shape => (graph.values[value] as Value).shape;
  const [left, right] = stage.node.inputs as [number, number];
  const shape = shapeOf(stage.node.output);
  const [m, n] = shape.slice(-2) as [number, number];
  const count = entriesOf(shape.slice(0, -2));
  return { count, isOne: count === 1, m, n, k: shapeOf(left).at(-1) as number, right };
}
