import { entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { arrayAt, programThreads } from './compiled-memory.ts';
import type { FusedProgram } from './fuse.ts';
import { type Graph, spanOf, type Value } from './graph.ts';
import type { Room } from './memory/room.ts';
import type { Addresses } from './nests/addresses.ts';
import type { Plan } from './plan.ts';
import { isEmpty, readBy, type StorageType, storageBytes } from './stages.ts';

/** Bytes in a line of the cache, which no two threads should write to. */
const LINE = 64;

/**
 * Gives every buffer of a program its address: what comes in, the constants with their entries, and what the plan says of
 * the rest.
 *
 * @param homes Where what slots hold lies, by the number of the value.
 */
export function placeBuffers(
  graph: Graph,
  { stages, storage }: FusedProgram,
  plan: Plan,
  homes: ReadonlyMap<number, number>,
  room: Room,
): Addresses {
  const storageOf = (buffer: number): StorageType => storage.get(buffer) ?? 'float32';
  const addresses = new Map<number, number>();
  const spans = spansOf(graph, new Set(stages.flatMap((stage) => readBy(stage, graph))));
  for (const { value, constant } of graph.inputs) {
    const { shape, place } = graph.values[value] as Value;
    if (place.buffer !== value) continue;
    const span = spans.get(value);
    const type = storageOf(value);
    if (constant === undefined) {
      addresses.set(value, homes.get(value) ?? room.allocate(entriesOf(shape) * storageBytes[type]));
    } else if (span !== undefined) addresses.set(value, placeConstant(constant, type, span, room));
  }
  const arena = room.allocate(plan.bytes);
  for (const [buffer, offset] of plan.offsets) addresses.set(buffer, arena + offset);
  for (const [next, before] of plan.inPlace) addresses.set(next, addresses.get(before) as number);
  return {
    addressOf: (buffer) => addresses.get(buffer) ?? addressOfNothing(graph, buffer),
    storageOf,
    scratch: (bytes) => room.allocate(bytes),
    scratchOfThreads: (bytes) => {
      const step = Math.ceil(bytes / LINE) * LINE;
      return { address: room.allocate(programThreads() * step), step };
    },
    table: tablesIn(room),
  };
}

/** What has no entries lies nowhere. */
function addressOfNothing({ values }: Graph, buffer: number): number {
  if (isEmpty((values[buffer] as Value).shape)) return 0;
  throw new Error(`compile: buffer ${buffer} has no place in memory`);
}

/** Puts tables into memory, equal ones once. */
function tablesIn(room: Room): (entries: Int32Array) => number {
  const known = new Map<string, number>();
  return (entries) => {
    const key = entries.join();
    const address = known.get(key) ?? room.allocate(entries.byteLength);
    if (!known.has(key)) arrayAt(address, 'int32', entries.length).set(entries);
    known.set(key, address);
    return address;
  };
}

type Span = readonly [low: number, high: number];

/** Copies the part of a constant's storage that is read; gives where its first entry would lie. */
function placeConstant({ storage }: Tensor, type: StorageType, [low, high]: Span, room: Room): number {
  const address = room.allocate(Math.max(0, high - low) * storageBytes[type]);
  arrayAt(address, type, high - low).set(storage.subarray(low, high));
  return address - low * storageBytes[type];
}

/** What is read of each of some buffers, whatever looks into it. */
function spansOf({ values }: Graph, buffers: ReadonlySet<number>): Map<number, Span> {
  const spans = new Map<number, Span>();
  for (const value of values) {
    const { buffer } = value.place;
    if (!buffers.has(buffer)) continue;
    const [low, high] = spanOf(value);
    const [lowest, highest] = spans.get(buffer) ?? [low, high];
    spans.set(buffer, [Math.min(low, lowest), Math.max(high, highest)]);
  }
  return spans;
}
