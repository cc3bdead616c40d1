import { contiguousStrides, entriesOf } from '../core/shape.ts';
import type { FusedProgram } from './fuse.ts';
import type { Graph, Value } from './graph.ts';
import { partsOf } from './parts.ts';
import { computedBy, isWhole, type NodeStage } from './stages.ts';

/** Where a buffer lies inside another one, in entries from its start. */
export interface InBuffer {
  readonly buffer: number;
  readonly offset: number;
}

/**
 * Buffers that are computed where they would be copied to: each is, in one piece, a part of what a later stage puts together.
 * That stage then has nothing to do for them.
 *
 * @param fixed Buffers that have a place of their own.
 */
export function partsInPlace(
  { stages, storage }: FusedProgram,
  graph: Graph,
  fixed: ReadonlySet<number>,
): ReadonlyMap<number, InBuffer> {
  const inside = new Map<number, InBuffer>();
  const wholes = new Set<number>();
  const computed = new Set<number>();
  for (const stage of stages) {
    if (stage.kind === 'node') {
      for (const [part, place] of partsOfStage(stage, graph)) {
        const isFree = computed.has(part) && !fixed.has(part) && !inside.has(part) && !wholes.has(part);
        if (!isFree || storage.get(part) !== storage.get(place.buffer)) continue;
        inside.set(part, place);
        wholes.add(place.buffer);
      }
    }
    for (const buffer of computedBy(stage)) computed.add(buffer);
  }
  return inside;
}

/** The buffers that a stage copies whole, in one piece, into a result that they fill; single numbers have cells of their own. */
function partsOfStage({ node, folded }: NodeStage, graph: Graph): (readonly [number, InBuffer])[] {
  const { kernel } = node.primitive;
  if (kernel?.kind !== 'place' || kernel.overlapping || folded !== undefined) return [];
  const inputs = node.inputs.map((x) => graph.values[x] as Value);
  const entries = entriesOf((graph.values[node.output] as Value).shape);
  if (inputs.reduce((sum, { shape }) => sum + entriesOf(shape), 0) !== entries) return [];
  return partsOf(graph, node, kernel).flatMap(({ offset, strides }, k) => {
    const { shape, place } = inputs[k] as Value;
    const isPiece = strides.every((step, d) => step === contiguousStrides(shape)[d] || shape[d] === 1);
    const isAll = entriesOf((graph.values[place.buffer] as Value).shape) === entriesOf(shape);
    const isCell = entriesOf(shape) === 1;
    if (!isPiece || !isAll || isCell || !isWhole(place, shape)) return [];
    return [[place.buffer, { buffer: node.output, offset }] as const];
  });
}
