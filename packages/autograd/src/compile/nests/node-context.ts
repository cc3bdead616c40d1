import type { Shape } from '../../core/shape.ts';
import type { Tile } from '../../kernels/product/tile.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import type { Graph, GraphNode, Value } from '../graph.ts';
import { type StorageType, storageBytes } from '../stages.ts';
import type { Addresses } from './addresses.ts';

/** What the kernels of a primitive are written from. */
export interface NodeContext {
  readonly name: string;
  readonly node: GraphNode;
  readonly elementType: ElementType;
  readonly graph: Graph;
  readonly addresses: Addresses;
  /** The block of a product that the engine's registers hold. */
  readonly tile: Tile;
  /** If it is one of several that are done in rows: how many there are. Its units are then rows, or equal parts of them. */
  readonly rows?: number;
}

/** Entries in memory: the address of the first, and steps in bytes. */
export interface View {
  readonly address: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
  /** Default: elements of the loops' type. */
  readonly storage?: StorageType;
}

/** Where the entries of a value lie. */
export function viewOf({ graph, addresses }: NodeContext, value: number): View {
  const { shape, place } = graph.values[value] as Value;
  const storage = addresses.storageOf(place.buffer);
  const bytes = storageBytes[storage];
  return {
    address: addresses.addressOf(place.buffer) + bytes * place.offset,
    shape,
    strides: place.strides.map((step) => step * bytes),
    storage,
  };
}
