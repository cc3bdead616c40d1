import { entriesOf } from '../core/shape.ts';
import type { Chain } from './chains.ts';
import type { FusedProgram } from './fuse.ts';
import type { Graph, Place, Value } from './graph.ts';
import { computedBy, isWhole, type LoopStage, readBy, type Stage, storageBytes } from './stages.ts';

/** Where buffers that are computed lie, and for how long. */
export interface Plan {
  /** Offsets in the arena, in bytes; buffers that lie elsewhere are not among them. */
  readonly offsets: ReadonlyMap<number, number>;
  /** Buffers that are written over another one: the new content of a slot over the old. */
  readonly inPlace: ReadonlyMap<number, number>;
  /** Buffers that are computed inside another one, and where; what is inside a part comes before it. */
  readonly inside: ReadonlyMap<number, Place>;
  /** The size of the arena, in bytes. */
  readonly bytes: number;
  /** The most that is alive at any time: no arena can be smaller. */
  readonly lowerBound: number;
}

/** Buffers take whole lines of the cache. */
const ALIGNMENT = 64;
/** But for single numbers, whatever their type. */
const CELL = 8;

export function bytesOf(graph: Graph, { storage }: FusedProgram, buffer: number): number {
  const { shape } = graph.values[buffer] as Value;
  const type = storage.get(buffer) ?? 'float32';
  const entries = entriesOf(shape);
  return entries === 1 ? CELL : Math.max(1, Math.ceil((entries * storageBytes[type]) / ALIGNMENT)) * ALIGNMENT;
}

/** Buffers that must be in memory: what a later stage reads, or somebody outside. */
export function storedBuffers({ stages }: FusedProgram, graph: Graph): Set<number> {
  const outside = graph.outputs.map((y) => (graph.values[y] as Value).place.buffer);
  const always = stages.flatMap((stage) =>
    stage.kind === 'loops'
      ? stage.steps.flatMap(({ kind, result }) => (kind === 'reduce' ? [result] : []))
      : computedBy(stage),
  );
  return new Set([...stages.flatMap((stage) => readBy(stage, graph)), ...outside, ...always]);
}

export interface Lifetime {
  readonly first: number;
  readonly last: number;
}

/**
 * Gives every buffer that must be kept in memory a place in one arena, in which others may lie before it is
 * made and after it was last read.
 *
 * @param stored Buffers that are read after the stage that computes them, or from outside.
 * @param kept Buffers that are read after the run.
 * @param replaced For the new content of a slot, the buffer of the old.
 * @param inside Buffers that are computed inside another one, and where; what is inside a part comes before it.
 * @param chains Stages that are done together: what one of them reads lives as long as the chain is at work.
 */
export function plan(
  program: FusedProgram,
  graph: Graph,
  stored: ReadonlySet<number>,
  kept: ReadonlySet<number>,
  replaced: ReadonlyMap<number, number>,
  inside: ReadonlyMap<number, Place>,
  chains: readonly Chain[],
): Plan {
  const replaceable = new Map([...replaced].filter(([, before]) => !kept.has(before)));
  const inPlace = replacedInPlace(program, graph, replaceable, chains);
  const lives = lifetimesOf(program.stages, chains, graph, stored, kept);
  for (const [part, { buffer }] of inside) extend(lives, buffer, lives.get(part) as Lifetime);
  const sized = [...lives]
    .filter(([buffer]) => !inPlace.has(buffer) && !inside.has(buffer))
    .map(([buffer, life]) => ({ buffer, life, bytes: bytesOf(graph, program, buffer) }));
  const singles = placeCells(sized.filter(({ bytes }) => bytes === CELL));
  const others = placeBlocks(
    sized.filter(({ bytes }) => bytes !== CELL),
    Math.ceil(singles.bytes / ALIGNMENT) * ALIGNMENT,
  );
  const offsets = new Map([...singles.offsets, ...others.offsets]);
  for (const [part, { buffer, offset }] of [...inside].reverse()) {
    const bytes = storageBytes[program.storage.get(buffer) ?? 'float32'];
    offsets.set(part, (offsets.get(buffer) as number) + offset * bytes);
  }
  return {
    offsets,
    inPlace,
    inside,
    bytes: others.bytes,
    lowerBound: mostAlive(sized, chains.length),
  };
}

function extend(lives: Map<number, Lifetime>, buffer: number, { first, last }: Lifetime): void {
  const own = lives.get(buffer) as Lifetime;
  lives.set(buffer, { first: Math.min(first, own.first), last: Math.max(last, own.last) });
}

interface SizedBuffer {
  readonly buffer: number;
  readonly life: Lifetime;
  readonly bytes: number;
}

interface Placed {
  readonly offsets: ReadonlyMap<number, number>;
  /** Where the last one ends. */
  readonly bytes: number;
}

/** Cells for single numbers, of which there may be ten thousands: each takes the first that is free when it is made. */
function placeCells(buffers: readonly SizedBuffer[]): Placed {
  const offsets = new Map<number, number>();
  const free: number[] = [];
  const ending = [...buffers].sort((a, b) => a.life.last - b.life.last);
  let ended = 0;
  let end = 0;
  for (const { buffer, life } of [...buffers].sort((a, b) => a.life.first - b.life.first)) {
    for (; (ending[ended] as SizedBuffer).life.last < life.first; ended++) {
      free.push(offsets.get((ending[ended] as SizedBuffer).buffer) as number);
    }
    const offset = free.pop() ?? end;
    if (offset === end) end += CELL;
    offsets.set(buffer, offset);
  }
  return { offsets, bytes: end };
}

/** Blocks from `start` on, the largest first, each at the lowest place that is free while it is alive. */
function placeBlocks(buffers: readonly SizedBuffer[], start: number): Placed {
  const blocks: { offset: number; bytes: number; life: Lifetime }[] = [];
  const offsets = new Map<number, number>();
  for (const { buffer, life, bytes } of [...buffers].sort((a, b) => b.bytes - a.bytes)) {
    const others = blocks.filter((block) => block.life.first <= life.last && life.first <= block.life.last);
    const offset = lowestGap(others, start, bytes);
    blocks.push({ offset, bytes, life });
    offsets.set(buffer, offset);
  }
  return { offsets, bytes: blocks.reduce((end, { offset, bytes }) => Math.max(end, offset + bytes), start) };
}

function lifetimesOf(
  stages: readonly Stage[],
  chains: readonly Chain[],
  graph: Graph,
  stored: ReadonlySet<number>,
  kept: ReadonlySet<number>,
): Map<number, Lifetime> {
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  chains.forEach((chain, index) => {
    const members = chain.stages.map((k) => stages[k] as Stage);
    for (const buffer of members.flatMap(computedBy)) {
      if (stored.has(buffer)) first.set(buffer, index);
      last.set(buffer, kept.has(buffer) ? chains.length : index);
    }
    for (const buffer of members.flatMap((stage) => readBy(stage, graph))) {
      if (!kept.has(buffer)) last.set(buffer, index);
    }
  });
  return new Map([...first].map(([buffer, start]) => [buffer, { first: start, last: last.get(buffer) as number }]));
}

function lowestGap(others: readonly { offset: number; bytes: number }[], start: number, bytes: number): number {
  let offset = start;
  for (const other of [...others].sort((a, b) => a.offset - b.offset)) {
    if (offset + bytes <= other.offset) break;
    offset = Math.max(offset, other.offset + other.bytes);
  }
  return offset;
}

function mostAlive(sized: readonly { life: Lifetime; bytes: number }[], stages: number): number {
  const changes = new Array<number>(stages + 2).fill(0);
  for (const { life, bytes } of sized) {
    changes[life.first] = (changes[life.first] as number) + bytes;
    changes[life.last + 1] = (changes[life.last + 1] as number) - bytes;
  }
  let alive = 0;
  return changes.reduce((most, change) => {
    alive += change;
    return Math.max(most, alive);
  }, 0);
}

/**
 * The slots whose new content may be written over the old, each with the buffer of the old: it is computed entry by entry,
 * and the old is read by nobody later, and at the same time only entry by entry.
 */
function replacedInPlace(
  { stages, storage }: FusedProgram,
  graph: Graph,
  replaced: ReadonlyMap<number, number>,
  chains: readonly Chain[],
): ReadonlyMap<number, number> {
  const chainOf = new Map(chains.flatMap((chain) => chain.stages.map((index) => [index, chain] as const)));
  const makers = new Map(stages.flatMap((stage, index) => computedBy(stage).map((buffer) => [buffer, index] as const)));
  const olds = new Set(replaced.values());
  const readers = new Map<number, number[]>();
  for (const [index, stage] of stages.entries()) {
    for (const buffer of readBy(stage, graph)) {
      const known = readers.get(buffer) ?? [];
      known.push(index);
      if (olds.has(buffer)) readers.set(buffer, known);
    }
  }
  const canReplace = (next: number, before: number): boolean => {
    const index = makers.get(next) ?? -1;
    const stage = stages[index];
    if (stage?.kind !== 'loops' || storage.get(next) !== storage.get(before)) return false;
    const step = stage.steps.find(({ result }) => result === next);
    const isReadLater = (readers.get(before) ?? []).some(
      (reader) => reader > index || (reader !== index && chainOf.get(reader) === chainOf.get(index)),
    );
    const isAsLarge = entriesOf((graph.values[before] as Value).shape) === entriesOf(stage.shape);
    return step?.kind === 'map' && !isReadLater && readsWhole(stage, before) && isAsLarge;
  };
  return new Map([...replaced].filter(([next, before]) => canReplace(next, before)));
}

/** Whether the loops read a buffer, if at all, entry by entry as they go. */
function readsWhole(stage: LoopStage, buffer: number): boolean {
  return stage.steps.every((step) =>
    (step.kind === 'map' ? step.operands : [step.operand]).every(
      (operand) =>
        operand.kind !== 'memory' || operand.access.buffer !== buffer || isWhole(operand.access, stage.shape),
    ),
  );
}
