import { contiguousStrides, entriesOf } from '../../core/shape.ts';
import type { LoopMath } from '../loop-math.ts';
import { type Axis, type Dim, ROW_BYTES, sizeOf, tableOf } from '../product/tables.ts';
import { type ConvolutionSizes, paddedSpace } from './sizes.ts';

/**
 * A matrix whose entries lie spread over a larger block: each line begins somewhere, and has runs that begin at the same
 * places from there. The entries of a run are `step` apart. Lines may overlap.
 */
export interface Spread {
  /** First of all where runs begin. */
  readonly begin: number;
  readonly lines: Axis;
  readonly runs: Axis;
  readonly length: number;
  readonly step: number;
}

/** The windows of a group as columns, a line for each channel and entry of the kernel, in the image with its zeros. */
export function columnsIn({ channels, dims }: ConvolutionSizes): Spread {
  const steps = stepsThrough(paddedSpace(dims));
  const positions = dims.map((dim, d) => ({ size: dim.positions, step: dim.stride * steps[d + 1] }));
  const { size: length, step } = positions.at(-1) as Dim;
  return {
    begin: 0,
    lines: [
      { size: channels, step: steps[0] },
      ...dims.map(({ kernel, dilation }, d) => ({ size: kernel, step: dilation * steps[d + 1] })),
    ],
    runs: positions.slice(0, -1),
    length,
    step,
  };
}

/** An image in the image with its zeros, a line for each channel. */
export function imageIn({ groups, channels, dims }: ConvolutionSizes): Spread {
  const steps = stepsThrough(paddedSpace(dims));
  const runs = dims.map(({ size }, d) => ({ size, step: steps[d + 1] }));
  return {
    begin: dims.reduce((sum, { before }, d) => sum + before * steps[d + 1], 0),
    lines: [{ size: groups * channels, step: steps[0] }],
    runs: runs.slice(0, -1),
    length: (runs.at(-1) as Dim).size,
    step: 1,
  };
}

/** From channel to channel, and along each dim of space. */
function stepsThrough(space: readonly number[]): readonly number[] {
  return [entriesOf(space), ...contiguousStrides(space)];
}

/** The words at the beginning of a spread in memory; tables of lines and runs follow. */
const word = { lines: 0, runs: 1, length: 2, step: 3, begin: 4, tables: 5 } as const;
const WORD_BYTES = 4;

/** A spread as it lies in memory, for entries of so many bytes. */
export function wordsOf({ begin, lines, runs, length, step }: Spread, bytes: number): number[] {
  const inBytes = (axis: Axis): Axis => axis.map((dim) => ({ ...dim, step: dim.step * bytes }));
  const head = [sizeOf(lines), sizeOf(runs), length, step * bytes, begin * bytes];
  return [...head, ...tableOf(inBytes(lines)), ...tableOf(inBytes(runs))];
}

/** Where a run begins in the block and in the matrix, which lies in reading order; how long it is, and its step. */
type VisitRun<I> = (inBlock: I, inMatrix: I, length: I, step: I) => void;

/** Runs through a spread that lies at an address. */
export function eachRun<I, V>(w: LoopMath<I, V>, spread: I, block: I, matrix: I, visit: VisitRun<I>): void {
  const read = (at: number): I => w.fix(w.loadIndex(w.plus(spread, at * WORD_BYTES)));
  const [lines, runs, length, step, begin] = [word.lines, word.runs, word.length, word.step, word.begin].map(read);
  const lineTable = w.plus(spread, word.tables * WORD_BYTES);
  const runTable = w.fix(w.plus(lineTable, w.times(lines, ROW_BYTES)));
  const runBytes = w.fix(w.times(length, w.elementSize));
  const first = w.fix(w.plus(block, begin));
  w.loop(
    lines,
    [
      [lineTable, ROW_BYTES],
      [matrix, w.fix(w.times(runs, runBytes))],
    ],
    (lineRow, lineInMatrix) => {
      const line = w.fix(w.plus(first, w.loadIndex(lineRow)));
      w.loop(
        runs,
        [
          [runTable, ROW_BYTES],
          [lineInMatrix, runBytes],
        ],
        (runRow, inMatrix) => visit(w.fix(w.plus(line, w.loadIndex(runRow))), inMatrix, length, step),
      );
    },
  );
}
