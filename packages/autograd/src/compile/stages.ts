import type { DType } from '../core/dtype.ts';
import { contiguousStrides, entriesOf, type Shape } from '../core/shape.ts';
import type { Axis } from '../kernels/product/tables.ts';
import type { Formula } from '../kernels/scalar-math.ts';
import type { ElementType } from '../kernels/vector-math.ts';
import { stridesOfView } from '../primitives/linear/reshape.ts';
import type { Graph, GraphNode, Value } from './graph.ts';

/** How entries are stored while a program runs: truth values as the numbers 0 and 1. */
export type StorageType = 'float32' | 'float64' | 'int32';

export const storageBytes: Readonly<Record<StorageType, number>> = { float32: 4, float64: 8, int32: 4 };

/** A way through a buffer: for each dim of the loops a step. Offset and steps count entries. */
export interface Access {
  readonly buffer: number;
  readonly offset: number;
  readonly strides: readonly number[];
}

export type Operand =
  | { readonly kind: 'number'; readonly value: number }
  /** What an earlier step of the same loops has computed. */
  | { readonly kind: 'register'; readonly buffer: number }
  | { readonly kind: 'memory'; readonly access: Access };

/** A formula of each entry. */
export interface MapStep {
  readonly kind: 'map';
  readonly node: GraphNode;
  readonly formula: Formula;
  readonly operands: readonly Operand[];
  readonly result: number;
  /** Whether the result counts as a truth value: 1 for all that is not 0. */
  readonly isTruth: boolean;
}

/** Entries combined over the loops' reduced dims. */
export interface ReduceStep {
  readonly kind: 'reduce';
  readonly node: GraphNode;
  readonly combine: Formula;
  readonly initial: number;
  readonly operand: Operand;
  readonly result: number;
}

/** Steps that are done together in one loop nest. */
export interface LoopStage {
  readonly kind: 'loops';
  readonly elementType: ElementType;
  readonly shape: Shape;
  /** The dims over which the reductions go; undefined while there are none. */
  reduced: readonly number[] | undefined;
  readonly steps: (MapStep | ReduceStep)[];
}

/** A way through a buffer on which each dim may be several of the buffer's own, the outermost first. */
export interface AxesAccess {
  readonly buffer: number;
  readonly offset: number;
  readonly axes: readonly Axis[];
}

/** One primitive by a loop nest of its own kind. */
export interface NodeStage {
  readonly kind: 'node';
  readonly elementType: ElementType;
  readonly node: GraphNode;
  /** Where the entries of its inputs lie that are no single view, since they are copies which nobody makes. */
  readonly through: ReadonlyMap<number, AxesAccess>;
  /** The product that is its input, if that is made piece by piece. */
  readonly folded: FoldedProduct | undefined;
}

/** One dim of what is added to a result: its steps in what is added, and in the result, in entries. */
export interface FoldedDim {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** A product that is added to places of a result, by blocks of its columns. */
export interface FoldedProduct {
  readonly product: GraphNode;
  /** The matrices, and the blocks of columns in each; blocks do not meet in the result. */
  readonly entries: FoldedDim;
  readonly blocks: FoldedDim;
  /** The dims in a block, as they lie in a matrix of its columns alone. */
  readonly within: readonly FoldedDim[];
  /** Columns in a block. */
  readonly columns: number;
  /** Where the first entry goes. */
  readonly offset: number;
}

/** One primitive computed by its own `evaluate`. */
export interface EvaluateStage {
  readonly kind: 'evaluate';
  readonly node: GraphNode;
}

export type Stage = LoopStage | NodeStage | EvaluateStage;

/** The shape without its dims of size one, which no loop needs, and steps for the dims that are left. */
export function withoutSingles(shape: Shape, strides: readonly number[]): { shape: Shape; strides: readonly number[] } {
  const dims = shape.flatMap((size, d) => (size === 1 ? [] : [d]));
  return { shape: dims.map((d) => shape[d]), strides: dims.map((d) => strides[d]) };
}

/** The steps of loops through a result of theirs, which has none in dims that are reduced; undefined if it lies otherwise. */
export function stridesOfResult(
  { shape, reduced = [] }: LoopStage,
  { kind }: MapStep | ReduceStep,
  result: Value,
): readonly number[] | undefined {
  const gone = kind === 'reduce' ? reduced : [];
  const kept = shape.map((size, d) => (gone.includes(d) ? 1 : size));
  const strides = stridesOfView({ shape: result.shape, strides: result.place.strides }, kept);
  return strides?.map((step, d) => (gone.includes(d) ? 0 : step));
}

/** Whether steps go through a buffer of this shape in reading order, from its start. */
export function isWhole({ offset, strides }: Access, shape: Shape): boolean {
  const expected = contiguousStrides(shape);
  return offset === 0 && strides.every((step, d) => step === expected[d] || shape[d] === 1);
}

export function storageOf(dtype: DType, ofTruths: ElementType): StorageType {
  return dtype === 'bool' ? ofTruths : dtype;
}

export function isEmpty(shape: Shape): boolean {
  return entriesOf(shape) === 0;
}

/** The buffer in which a stage of one primitive finds an input. */
export function bufferOfInput(stage: NodeStage | EvaluateStage, input: number, graph: Graph): number {
  const access = stage.kind === 'node' ? stage.through.get(input) : undefined;
  return access?.buffer ?? (graph.values[input] as Value).place.buffer;
}

/** The values that a stage of one primitive reads. */
export function inputsOf(stage: NodeStage | EvaluateStage): readonly number[] {
  const folded = stage.kind === 'node' ? stage.folded : undefined;
  return (folded?.product ?? stage.node).inputs;
}

/** The buffers that a stage reads. */
export function readBy(stage: Stage, graph: Graph): number[] {
  if (stage.kind !== 'loops') return inputsOf(stage).map((x) => bufferOfInput(stage, x, graph));
  return stage.steps.flatMap((step) =>
    (step.kind === 'map' ? step.operands : [step.operand]).flatMap((operand) =>
      operand.kind === 'memory' ? [operand.access.buffer] : [],
    ),
  );
}

/** The buffers that a stage computes. */
export function computedBy(stage: Stage): number[] {
  return stage.kind === 'loops' ? stage.steps.map(({ result }) => result) : [stage.node.output];
}
