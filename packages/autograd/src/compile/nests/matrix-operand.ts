import type { LoopMath } from '../../kernels/loop-math.ts';
import {
  areLinesNear,
  type Block,
  isReadInPlace,
  plainReading,
  type Reading,
  readingInPlace,
} from '../../kernels/product/operand.ts';
import { tabledReading } from '../../kernels/product/tabled-reading.ts';
import { type Axis, tableOf } from '../../kernels/product/tables.ts';
import { type AxesAccess, storageBytes } from '../stages.ts';
import { type NodeContext, viewOf } from './node-context.ts';

/** An operand of a product: a matrix, or one for each entry of a batch. */
export interface MatrixOperand {
  /** Of the first matrix. */
  readonly address: number;
  /** From one matrix to the next along each dim of the batch, in bytes. */
  readonly batchSteps: readonly number[];
  readonly reading: Reading;
  /** Whether all of it is packed before it is read: it does not lie well. */
  readonly isPacked: boolean;
  /** The ways that the reading takes along the lines of a matrix and along its depth. */
  readonly lineWay: number;
  readonly depthWay: number;
}

/**
 * How a product reads one of its inputs: as a view, or through a copy that is not made.
 *
 * @param linesAre Whether the lines that are packed are the rows of the matrix, as in the first operand, or the columns.
 * @param begin Blocks of lines begin at multiples of so many.
 */
export function matrixOperand(
  context: NodeContext,
  value: number,
  access: AxesAccess | undefined,
  linesAre: 'rows' | 'columns',
  begin: number,
): MatrixOperand {
  if (access === undefined) {
    const { address, strides } = viewOf(context, value);
    const [row, column] = strides.slice(-2) as [number, number];
    const bytes = storageBytes[context.elementType];
    const batchSteps = strides.slice(0, -2);
    if (linesAre === 'columns') {
      const isPacked = !areLinesNear({ row: column, column: row }, bytes);
      return { address, batchSteps, reading: plainReading, isPacked, lineWay: column, depthWay: row };
    }
    const isPacked = !isReadInPlace({ row, column }, bytes);
    const reading = isPacked ? plainReading : readingInPlace({ row, column });
    return { address, batchSteps, reading, isPacked, lineWay: row, depthWay: column };
  }
  const { addresses } = context;
  const bytes = storageBytes[addresses.storageOf(access.buffer)];
  const axes = access.axes.map((axis) => axis.map(({ size, step }) => ({ size, step: step * bytes })));
  const [rows, columns]: readonly Axis[] = axes.slice(-2);
  const [lines, depth] = linesAre === 'rows' ? [rows, columns] : [columns, rows];
  const isPlain = lines.length <= 1 && depth.length <= 1;
  const wayAlong = (axis: Axis): number => (isPlain ? (axis[0]?.step ?? 0) : addresses.table(tableOf(axis)));
  return {
    address: addresses.addressOf(access.buffer) + bytes * access.offset,
    batchSteps: axes.slice(0, -2).map(([dim]) => dim?.step ?? 0),
    reading: isPlain ? plainReading : tabledReading(lines, depth, begin),
    isPacked: true,
    lineWay: wayAlong(lines),
    depthWay: wayAlong(depth),
  };
}

/** The block of an operand that begins at so many lines and so much depth of one of its matrices. */
export function blockAt<I, V>(
  w: LoopMath<I, V>,
  { address, reading, lineWay, depthWay }: MatrixOperand,
  { matrix = w.index(address), lines = w.index(0), depth = w.index(0) }: { matrix?: I; lines?: I; depth?: I } = {},
): Block<I> {
  const first = { at: matrix, lineWay: w.index(lineWay), depthWay: w.index(depthWay) };
  return reading.moved(w, first, lines, depth);
}

/** Where the matrix of an entry of the batch begins, counted in reading order. */
export function addressInBatch<I, V>(
  w: LoopMath<I, V>,
  { address: first, batchSteps }: Pick<MatrixOperand, 'address' | 'batchSteps'>,
  batch: readonly number[],
  entry: I,
): I {
  let rest = entry;
  let address = w.index(first);
  for (let d = batch.length - 1; d >= 0; d--) {
    const size = batch[d] as number;
    const above = d === 0 ? undefined : w.fix(w.quotient(rest, size));
    const index = above === undefined ? rest : w.fix(w.minus(rest, w.times(above, size)));
    address = w.plus(w.times(index, batchSteps[d] as number), address);
    rest = above ?? rest;
  }
  return address;
}
