import { entriesOf, type Shape } from '../core/shape.ts';
import type { PlaceKind } from '../kernels/kinds.ts';
import type { Graph, Place, Value } from './graph.ts';
import { partsOf } from './parts.ts';
import { type LoopStage, type NodeStage, type Stage, stridesOfResult, withoutSingles } from './stages.ts';

/** What a stage reads or writes of a buffer in each of its rows. Offset and steps count entries. */
export interface RowAccess {
  readonly buffer: number;
  readonly isWritten: boolean;
  /** Where the first row begins. */
  readonly offset: number;
  /** From one row to the next; undefined if that is not always as far. */
  readonly step: number | undefined;
  /** Through the entries of a row. */
  readonly dims: readonly Dim[];
}

interface Dim {
  readonly size: number;
  readonly step: number;
}

/** 1, the first size, the first two multiplied, …: the numbers of rows in which a shape can be cut from the front. */
export function leadingProducts(shape: Shape): number[] {
  let product = 1;
  return [1, ...shape.map((size) => (product *= size))];
}

/** The shape whose leading dims become the rows of a stage. */
export function rowShape(stage: Stage, graph: Graph): Shape {
  return stage.kind === 'loops' ? stage.shape : valueIn(graph, stage.node.output).shape;
}

/** How a stage that is cut in so many rows goes through its buffers; undefined if it cannot be cut so. */
export function rowAccesses(stage: Stage, rows: number, graph: Graph): readonly RowAccess[] | undefined {
  const accesses = stage.kind === 'loops' ? ofLoops(stage, rows, graph) : ofNode(stage, rows, graph);
  return accesses?.every((access) => access !== undefined) ? accesses : undefined;
}

/**
 * Whether each of so many rows touches entries that no other row touches, in all buffers that are written: then rows can be
 * done in any order, each through all stages. Row r has the steps from r up to r + 1, and, where rows come round again, those
 * a whole round later.
 */
export function keepApart(accesses: readonly RowAccess[], rows: number): boolean {
  const written = new Set(accesses.flatMap(({ buffer, isWritten }) => (isWritten ? [buffer] : [])));
  const steps = new Map<number, number>();
  return accesses.every((access) => {
    const { buffer, step = 0 } = access;
    if (!written.has(buffer)) return true;
    const common = steps.get(buffer) ?? step;
    steps.set(buffer, common);
    return step > 0 && step === common && staysInRow(access, step, rows);
  });
}

function staysInRow({ offset, dims }: RowAccess, step: number, rows: number): boolean {
  const round = step * rows;
  const inside = dims.filter((dim) => dim.step % round !== 0);
  const span = inside.reduce((sum, dim) => sum + dim.step * (dim.size - 1), 0);
  return dims.every((dim) => dim.step >= 0) && (offset % round) + span < step;
}

type MaybeAccesses = (RowAccess | undefined)[] | undefined;

function ofLoops(stage: LoopStage, rows: number, graph: Graph): MaybeAccesses {
  const { shape, steps } = stage;
  const through = (place: Place, isWritten: boolean): RowAccess | undefined => cut(shape, place, rows, isWritten);
  return steps.flatMap((step) => {
    const operands = step.kind === 'map' ? step.operands : [step.operand];
    const read = operands.flatMap((operand) => (operand.kind === 'memory' ? [through(operand.access, false)] : []));
    const result = valueIn(graph, step.result);
    const strides = stridesOfResult(stage, step, result);
    return [...read, strides && through({ ...result.place, strides }, true)];
  });
}

function ofNode(stage: Exclude<Stage, LoopStage>, rows: number, graph: Graph): MaybeAccesses {
  if (stage.kind !== 'node' || stage.folded !== undefined || stage.through.size > 0) return undefined;
  const { kernel } = stage.node.primitive;
  if (kernel?.kind === 'product') return ofProduct(stage, rows, graph);
  if (kernel?.kind !== 'place' || kernel.overlapping) return undefined;
  return ofParts(stage, kernel, rows, graph);
}

/** Parts that fill the result, each cut in rows that are always as far apart. */
function ofParts({ node }: NodeStage, kind: PlaceKind<unknown>, rows: number, graph: Graph): MaybeAccesses {
  const { inputs, output } = node;
  const covered = inputs.reduce((sum, x) => sum + entriesOf(valueIn(graph, x).shape), 0);
  if (covered !== entriesOf(valueIn(graph, output).shape)) return undefined;
  const accesses = partsOf(graph, node, kind).flatMap((part, k) => {
    const { shape, place } = valueIn(graph, inputs[k] as number);
    return [cut(shape, place, rows, false), cut(shape, { buffer: output, ...part }, rows, true)];
  });
  return accesses.every((access) => access?.step !== undefined) ? accesses : undefined;
}

/** Rows of the one matrix, or entries of the batch. */
function ofProduct({ node }: NodeStage, rows: number, graph: Graph): MaybeAccesses {
  const [left, right, out] = [...node.inputs, node.output].map((x) => valueIn(graph, x)) as [Value, Value, Value];
  const isOneMatrix = entriesOf(out.shape.slice(0, -2)) === 1;
  const all = (value: Value): RowAccess => ({
    ...value.place,
    isWritten: false,
    step: 0,
    dims: value.shape.map((size, d) => ({ size, step: value.place.strides[d] as number })),
  });
  const ofRows = (value: Value, isWritten: boolean): RowAccess | undefined => {
    const batch = value.shape.length - 2;
    if (!isOneMatrix) return cut(value.shape, value.place, rows, isWritten, batch);
    const [shape, strides] = [value.shape.slice(-2), value.place.strides.slice(-2)];
    return cutRowsOf(shape, { ...value.place, strides }, rows, isWritten);
  };
  return [ofRows(left, false), isOneMatrix ? all(right) : ofRows(right, false), ofRows(out, true)];
}

/** The lines of a matrix in so many rows, each of as many lines as another. */
function cutRowsOf([lines, length]: Shape, place: Place, rows: number, isWritten: boolean): RowAccess | undefined {
  if (lines % rows !== 0) return undefined;
  const [line, along] = place.strides as [number, number];
  const each = lines / rows;
  return cut([rows, each, length], { ...place, strides: [each * line, line, along] }, rows, isWritten);
}

/** A way through a shape whose first dims, at most so many, are the rows. */
function cut(
  fullShape: Shape,
  { buffer, offset, strides: fullStrides }: Place,
  rows: number,
  isWritten: boolean,
  most: number = fullShape.length,
): RowAccess | undefined {
  const front = withoutSingles(fullShape.slice(0, most), fullStrides.slice(0, most));
  const leading = leadingProducts(front.shape).indexOf(rows);
  if (leading < 0) return undefined;
  const shape = [...front.shape, ...fullShape.slice(most)];
  const strides = [...front.strides, ...fullStrides.slice(most)];
  const last = leading === 0 ? 0 : (strides[leading - 1] as number);
  const isEven = shape.slice(0, leading).every((_, d) => {
    const rowsBelow = entriesOf(shape.slice(d + 1, leading));
    return strides[d] === last * rowsBelow;
  });
  const dims = shape.slice(leading).map((size, d) => ({ size, step: strides[leading + d] as number }));
  return { buffer, isWritten, offset, step: isEven ? last : undefined, dims };
}

function valueIn(graph: Graph, value: number): Value {
  return graph.values[value] as Value;
}
