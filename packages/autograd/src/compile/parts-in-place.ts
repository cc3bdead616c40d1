import { entriesOf } from '../core/shape.ts';
import { loopNest } from '../kernels/iteration.ts';
import { stridesOfView } from '../primitives/linear/reshape.ts';
import type { FusedProgram } from './fuse.ts';
import { type Graph, isView, type Place, type Value } from './graph.ts';
import { partsOf } from './parts.ts';
import {
  bufferOfInput,
  computedBy,
  inputsOf,
  isWhole,
  type NodeStage,
  readBy,
  type Stage,
  stridesOfResult,
} from './stages.ts';

/** When rows of a part are computed apart from one another; tests try it on few entries. */
export const rowsApart: { multiple: number } = {
  /** So many entries are whole vectors on every engine; what is left of each row would be done one by one. */
  multiple: 16,
};

/**
 * Buffers that are computed where they would be copied to: each is a part of what a later stage puts together, which then has
 * nothing to do for it. Gives where each lies in that whole, which may be a part itself.
 *
 * @param fixed Buffers that have a place of their own.
 */
export function partsInPlace(
  { stages, storage }: FusedProgram,
  graph: Graph,
  fixed: ReadonlySet<number>,
): ReadonlyMap<number, Place> {
  const inside = new Map<number, Place>();
  const makers = new Map<number, Stage>();
  const inOrder = readInOrder(stages, graph);
  for (const stage of stages) {
    for (const [part, place] of stage.kind === 'node' ? partsOfStage(stage, graph) : []) {
      const maker = makers.get(part);
      if (maker === undefined || fixed.has(part) || inside.has(part)) continue;
      if (storage.get(part) !== storage.get(place.buffer)) continue;
      const value = valueIn(graph, part);
      const isPiece = isWhole({ ...place, offset: 0 }, value.shape);
      if (isPiece || (!inOrder.has(part) && canBeApart(part, { ...value, place }, maker))) inside.set(part, place);
    }
    for (const buffer of computedBy(stage)) makers.set(buffer, stage);
  }
  return inside;
}

/** A graph whose parts have the steps in their buffers that they have in the whole. */
export function withParts(graph: Graph, inside: ReadonlyMap<number, Place>): Graph {
  const values = graph.values.map((value, number) => {
    const strides = inside.get(number)?.strides;
    return strides === undefined ? value : { ...value, place: { ...value.place, strides } };
  });
  return { ...graph, values };
}

/** The buffers that a stage copies whole into a result that they fill; single numbers have cells of their own. */
function partsOfStage({ node, folded }: NodeStage, graph: Graph): (readonly [number, Place])[] {
  const { kernel } = node.primitive;
  if (kernel?.kind !== 'place' || kernel.overlapping || folded !== undefined) return [];
  const inputs = node.inputs.map((x) => valueIn(graph, x));
  const covered = inputs.reduce((sum, { shape }) => sum + entriesOf(shape), 0);
  if (covered !== entriesOf(valueIn(graph, node.output).shape)) return [];
  return partsOf(graph, node, kernel).flatMap(({ offset, strides }, k) => {
    const { shape, place } = inputs[k] as Value;
    const { shape: own } = valueIn(graph, place.buffer);
    const isAll = entriesOf(own) === entriesOf(shape) && isWhole(place, shape);
    const steps = stridesOfView({ shape, strides }, own);
    if (!isAll || entriesOf(shape) === 1 || steps === undefined) return [];
    return [[place.buffer, { buffer: node.output, offset, strides: steps }] as const];
  });
}

/** The buffers that somebody reads in steps of his own: all but what is multiplied, or put together, as it lies. */
function readInOrder(stages: readonly Stage[], graph: Graph): ReadonlySet<number> {
  return new Set(
    stages.flatMap((stage) => {
      const kind = stage.kind === 'node' ? stage.node.primitive.kernel?.kind : undefined;
      if (stage.kind !== 'node' || (kind !== 'product' && kind !== 'place')) return readBy(stage, graph);
      const inputs = inputsOf(stage).filter((x) => stage.through.has(x) || isView(graph, x));
      return inputs.map((x) => bufferOfInput(stage, x, graph));
    }),
  );
}

/** Whether a stage can compute a value whose rows are apart from one another, and by vectors. */
function canBeApart(part: number, value: Value, maker: Stage): boolean {
  const { shape, place } = value;
  const { strides } = place;
  const nest = loopNest(shape, [strides]);
  const isByVectors = (nest.sizes.at(-1) as number) % rowsApart.multiple === 0 && nest.strides[0]?.at(-1) === 1;
  if (!isByVectors || maker.kind === 'evaluate') return false;
  if (maker.kind === 'loops') {
    return maker.steps.some((step) => step.result === part && stridesOfResult(maker, step, value) !== undefined);
  }
  return maker.node.primitive.kernel?.kind === 'product' && strides.at(-1) === 1;
}

function valueIn(graph: Graph, value: number): Value {
  return graph.values[value] as Value;
}
