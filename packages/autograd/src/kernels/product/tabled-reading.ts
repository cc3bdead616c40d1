import type { LoopMath } from '../loop-math.ts';
import type { Packing, Reading } from './operand.ts';
import { vectorStarts } from './packing.ts';
import { type Axis, mostPieces, ROW_BYTES, ROW_LENGTH, runOf, sizeOf } from './tables.ts';

/**
 * Reads an operand whose lines or depth are several dims of a tensor, such as the windows of a convolution: the ways
 * along it are addresses of tables ({@link tableOf}). Nothing but the block that is packed is ever copied.
 *
 * Vectors run over the end of a piece, and what is written too much there is written again, since packing goes forwards. So
 * as many elements may be read behind the operand as a vector has, and {@link overrun} many written behind the packed block.
 *
 * @param begin Blocks begin at multiples of so many lines.
 *
 * Source: Dukhan, "The Indirect Convolution Algorithm", 2019, whose tables hold rows where these hold offsets.
 */
export function tabledReading(lines: Axis, depth: Axis, begin: number): Reading {
  return {
    name: `_${keyOf(lines)}_${keyOf(depth)}_${begin}`,
    isPlain: false,
    moved: (w, { at, lineWay, depthWay }, lines, depth) => ({
      at,
      lineWay: w.plus(lineWay, w.times(lines, ROW_BYTES)),
      depthWay: w.plus(depthWay, w.times(depth, ROW_BYTES)),
    }),
    packing: (w, name, strip) => w.procedure(name, 6, fastestPacking(w, strip, lines, depth, begin)),
  };
}

/** Elements that packing may write behind the last strip. */
export function overrun(strip: number, lanes: number): number {
  return (strip + 1) * lanes;
}

/** What the code for an axis depends on: its size, how long its runs are, and how far apart entries lie in them. */
function keyOf(axis: Axis): string {
  return [sizeOf(axis), runOf(axis), axis.at(-1)?.step ?? 0].join('_').replace('-', 'm');
}

/** The way to pack that takes the fewest instructions for an element, about. */
function fastestPacking<I, V>(w: LoopMath<I, V>, strip: number, lines: Axis, depth: Axis, begin: number): Packing<I> {
  const { lanes } = w;
  const isBeside = (axis: Axis): boolean => axis.at(-1)?.step === w.elementSize;
  const pieces = mostPieces(lines, strip, lanes, begin);
  const run = runOf(depth);
  const squares = Math.ceil(run / lanes);
  const ways = [
    { isPossible: true, cost: 2, packing: elementByElement(w, strip) },
    {
      isPossible: isBeside(lines),
      cost: (2 * pieces) / Math.min(strip, sizeOf(lines)),
      packing: alongLines(w, strip, pieces),
    },
    {
      isPossible: isBeside(depth),
      cost: ((2 + Math.log2(lanes)) * squares * lanes * Math.ceil(strip / lanes)) / (run * strip),
      packing: alongDepth(w, strip, run),
    },
  ];
  const possible = ways.filter(({ isPossible }) => isPossible);
  return possible.reduce((best, way) => (way.cost < best.cost ? way : best)).packing;
}

/** Strips of lines that lie side by side in pieces: each piece is copied as one vector. */
function alongLines<I, V>(w: LoopMath<I, V>, strip: number, pieces: number): Packing<I> {
  const { elementSize: size, lanes } = w;
  return forEachStrip(w, strip, (to, from, table, lines, depth, depthTable) => {
    const starts: { target: I; source: I }[] = [];
    let line = w.index(0);
    for (let piece = 0; piece < pieces; piece++) {
      const row = w.fix(w.plus(table, w.times(line, ROW_BYTES)));
      starts.push({ target: w.fix(w.times(line, size)), source: w.fix(w.plus(from, w.loadIndex(row))) });
      const left = w.fix(leftOfRun(w, row));
      const next = w.fix(w.plus(line, smaller(w, left, lanes)));
      // Where fewer pieces do, the last one is copied again.
      line = w.fix(w.choose(w.isLess(next, lines), next, line));
    }
    w.loop(
      depth,
      [
        [to, strip * size],
        [depthTable, ROW_BYTES],
      ],
      (to, row) => {
        const offset = w.fix(w.loadIndex(row));
        for (const { target, source } of starts) w.store(w.plus(to, target), w.load(w.plus(source, offset)));
      },
    );
  });
}

/** Strips whose depth lies in runs: each run is transposed by squares of `lanes` × `lanes`. */
function alongDepth<I, V>(w: LoopMath<I, V>, strip: number, run: number): Packing<I> {
  const { elementSize: size, lanes } = w;
  return forEachStrip(w, strip, (to, from, table, lines, depth, depthTable) => {
    const starts = lineStarts(w, strip, from, table, lines);
    // The first run may have begun before this block.
    const begun = w.fix(w.minus(w.index(run), leftOfRun(w, depthTable)));
    const runs = w.fix(w.quotient(w.plus(w.plus(depth, begun), run - 1), run));
    w.loop(runs, [[w.fix(w.minus(w.index(0), begun)), run]], (begin) => {
      const start = w.fix(w.choose(w.isLess(begin, 0), w.index(0), begin));
      const end = w.fix(smaller(w, w.fix(w.plus(begin, run)), depth));
      const offset = w.fix(w.loadIndex(w.plus(depthTable, w.times(start, ROW_BYTES))));
      const squares = w.quotient(w.plus(w.minus(end, start), lanes - 1), lanes);
      w.loop(
        w.fix(squares),
        [
          [w.fix(w.plus(to, w.times(start, strip * size))), strip * lanes * size],
          [offset, lanes * size],
        ],
        (to, offset) => {
          const loaded = starts.map((start) => w.load(w.plus(start, offset)));
          for (const line of vectorStarts(strip, lanes)) {
            const rows = Array.from({ length: lanes }, (_, l) => loaded[Math.min(line + l, strip - 1)]);
            w.transpose(rows).forEach((column, p) => {
              w.store(w.plus(to, (p * strip + line) * size), column);
            });
          }
        },
      );
    });
  });
}

function elementByElement<I, V>(w: LoopMath<I, V>, strip: number): Packing<I> {
  const { elementSize: size } = w;
  return forEachStrip(w, strip, (to, from, table, lines, depth, depthTable) => {
    const starts = lineStarts(w, strip, from, table, lines);
    w.loop(
      depth,
      [
        [to, strip * size],
        [depthTable, ROW_BYTES],
      ],
      (to, row) => {
        const offset = w.fix(w.loadIndex(row));
        starts.forEach((start, line) => {
          w.copy(w.plus(to, line * size), w.plus(start, offset));
        });
      },
    );
  });
}

/** The procedure that packs strip after strip; of the last one, there may be fewer lines. */
function forEachStrip<I, V>(
  w: LoopMath<I, V>,
  strip: number,
  pack: (to: I, from: I, lineTable: I, lines: I, depth: I, depthTable: I) => void,
): Packing<I> {
  return (to, from, lines, depth, lineTable, depthTable) =>
    w.loop(
      w.fix(w.quotient(w.plus(lines, strip - 1), strip)),
      [
        [to, w.fix(w.times(depth, strip * w.elementSize))],
        [lineTable, strip * ROW_BYTES],
        [lines, -strip],
      ],
      (to, table, left) => pack(to, from, table, w.fix(smaller(w, left, strip)), depth, depthTable),
    );
}

/** Where each line of a strip begins. Behind the last line it is that line again. */
function lineStarts<I, V>(w: LoopMath<I, V>, strip: number, from: I, table: I, lines: I): I[] {
  const last = w.fix(w.plus(lines, -1));
  return Array.from({ length: strip }, (_, line) => {
    const row = w.plus(table, w.times(w.fix(smaller(w, last, line)), ROW_BYTES));
    return w.fix(w.plus(from, w.loadIndex(row)));
  });
}

function leftOfRun<I, V>(w: LoopMath<I, V>, row: I): I {
  return w.loadIndex(w.plus(row, ROW_BYTES / ROW_LENGTH));
}

function smaller<I, V>(w: LoopMath<I, V>, a: I, b: I | number): I {
  return w.choose(w.isLess(a, b), a, typeof b === 'number' ? w.index(b) : b);
}
