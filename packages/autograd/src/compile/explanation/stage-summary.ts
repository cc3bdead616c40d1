import { entriesOf, type Shape } from '../../core/shape.ts';
import type { Chain } from '../chains.ts';
import type { Graph, GraphNode, Place, Value } from '../graph.ts';
import { bufferOfInput, computedBy, inputsOf, readBy, type Stage, type StorageType, storageBytes } from '../stages.ts';
import { formulasOf } from './formulas.ts';
import type { ProgramView } from './program-view.ts';
import type { ValueNames } from './value-names.ts';

/** One stage of a program, in numbers and words. */
export interface StageSummary {
  /** Its place in the program, from 1. */
  readonly stage: number;
  /**
   * What computes it: loops, a product and perhaps what is chained to it, …; `evaluate` for what JavaScript computes between
   * the kernels.
   */
  readonly kind: string;
  /** Loop nests and products that are done together, in rows: mostly one. */
  readonly nests: number;
  /** The primitives in it, with how often each occurs: `mul ×6, add ×3, sqrt`. */
  readonly title: string;
  /** Of its largest loops, or of what it gives. */
  readonly shape: Shape;
  /** The dims of these loops over which it reduces. */
  readonly reduced: readonly number[];
  readonly formulas: readonly string[];
  /** The buffers that it reads from memory and writes to memory, by number; not those that only pass between its nests. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** Of the writes, those over the old content of a slot: the new buffer and the old. */
  readonly replaces: ReadonlyMap<number, number>;
  /** Moved from and to memory, in bytes: each entry once, and none that is where it should be. */
  readonly bytes: number;
  /** Of products: multiplications and additions. Otherwise 0. */
  readonly operations: number;
}

export function stageSummary(
  { stages: numbers }: Chain,
  index: number,
  program: ProgramView,
  names: ValueNames,
): StageSummary {
  const { graph, plan, fused } = program;
  const stages = numbers.map((number) => fused.stages[number] as Stage);
  const largest = stages.reduce((a, b) => (entriesOf(shapeOf(b, program)) > entriesOf(shapeOf(a, program)) ? b : a));
  const writes = stages.flatMap(computedBy).filter((buffer) => plan.offsets.has(buffer) || plan.inPlace.has(buffer));
  const reads = [...new Set(stages.flatMap((stage) => readBy(stage, graph)))].filter(
    (buffer) => !writes.includes(buffer) && !isNumber(program, names, buffer),
  );
  const inPlace = [...plan.inside].flatMap(([part, { buffer }]) => (writes.includes(buffer) ? [part] : []));
  const moved = reads.filter((buffer) => !inPlace.includes(buffer));
  return {
    stage: index + 1,
    kind: kindOf(stages.find((stage) => kindOf(stage) === 'product') ?? largest),
    nests: stages.length,
    title: titleOf(stages),
    shape: shapeOf(largest, program),
    reduced: largest.kind === 'loops' ? (largest.reduced ?? []) : [],
    formulas: stages.flatMap((stage) => formulasOf(stage, program, names)),
    reads,
    writes,
    replaces: new Map([...plan.inPlace].filter(([next]) => writes.includes(next))),
    bytes: bytesRead(stages, moved, program) + bytesOfAll(program, writes) - bytesOfAll(program, inPlace),
    operations: stages.reduce((sum, stage) => sum + operationsOf(stage, program), 0),
  };
}

function shapeOf(stage: Stage, { graph }: ProgramView): Shape {
  return stage.kind === 'loops' ? stage.shape : (graph.values[stage.node.output] as Value).shape;
}

function nodesOf(stage: Stage): readonly GraphNode[] {
  if (stage.kind === 'loops') return stage.steps.map(({ node }) => node);
  const product = productOf(stage);
  return product && product !== stage.node ? [product, stage.node] : [stage.node];
}

/** Whether a buffer holds a constant with one entry, which stands in the code. */
function isNumber({ graph }: ProgramView, names: ValueNames, buffer: number): boolean {
  return names.originOf(buffer) === 'constant' && (graph.values[buffer] as Value).place.strides.every((s) => s === 0);
}

function kindOf(stage: Stage): string {
  return stage.kind === 'node' ? ((productOf(stage) ?? stage.node).primitive.kernel?.kind ?? 'node') : stage.kind;
}

function titleOf(stages: readonly Stage[]): string {
  const counts = new Map<string, number>();
  for (const { primitive } of stages.flatMap(nodesOf))
    counts.set(primitive.name, (counts.get(primitive.name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`)).join(', ');
}

function storageOf({ fused }: ProgramView, buffer: number): StorageType {
  return fused.storage.get(buffer) ?? 'float32';
}

function bytesOf(program: ProgramView, buffer: number): number {
  const { shape } = program.graph.values[buffer] as Value;
  return entriesOf(shape) * storageBytes[storageOf(program, buffer)];
}

function bytesOfAll(program: ProgramView, buffers: readonly number[]): number {
  return buffers.reduce((sum, buffer) => sum + bytesOf(program, buffer), 0);
}

/** Each way through one of some buffers counts once; what is the same along a dim is read once. */
function bytesRead(stages: readonly Stage[], buffers: readonly number[], program: ProgramView): number {
  const ways = new Map<string, number>();
  for (const { buffer, offset, strides, shape } of stages.flatMap((stage) => waysThrough(stage, program))) {
    if (!buffers.includes(buffer)) continue;
    const entries = entriesOf(shape.map((size, d) => (strides[d] === 0 ? 1 : size)));
    ways.set(`${buffer}|${offset}|${strides.join()}`, entries * storageBytes[storageOf(program, buffer)]);
  }
  return [...ways.values()].reduce((sum, bytes) => sum + bytes, 0);
}

interface Way {
  readonly buffer: number;
  readonly offset: number;
  readonly strides: readonly number[];
  readonly shape: Shape;
}

function waysThrough(stage: Stage, { graph }: ProgramView): readonly Way[] {
  if (stage.kind !== 'loops') {
    return inputsOf(stage).map((x) => {
      const buffer = bufferOfInput(stage, x, graph);
      // What is read through a copy that is not made counts as the whole of what the copy would be of.
      const { shape, place } = graph.values[buffer === placeOf(graph, x).buffer ? x : buffer] as Value;
      return { ...place, shape };
    });
  }
  return stage.steps.flatMap((step) =>
    (step.kind === 'map' ? step.operands : [step.operand]).flatMap((operand) =>
      operand.kind === 'memory' ? [{ ...operand.access, shape: stage.shape }] : [],
    ),
  );
}

function placeOf({ values }: Graph, value: number): Place {
  return (values[value] as Value).place;
}

/** The product that a stage computes, by itself or on the way. */
function productOf(stage: Stage): GraphNode | undefined {
  if (stage.kind !== 'node') return undefined;
  return stage.folded?.product ?? (stage.node.primitive.kernel?.kind === 'product' ? stage.node : undefined);
}

/** Two for each product of two entries. */
function operationsOf(stage: Stage, { graph }: ProgramView): number {
  const product = productOf(stage);
  if (product === undefined) return 0;
  const [a] = product.inputs.map((x) => (graph.values[x] as Value).shape);
  return 2 * entriesOf((graph.values[product.output] as Value).shape) * (a?.at(-1) ?? 0);
}
