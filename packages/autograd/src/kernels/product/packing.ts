import type { LoopMath } from '../loop-math.ts';

/**
 * Writes the procedure that lays lines (rows of A, columns of B) out in strips of `strip` lines, one depth after the
 * other, so that the innermost loop reads forwards. What the last strip lacks holds anything: it only ever meets
 * the rows and columns of a tile that are thrown away. Where a strip is less than a vector, vectors run over its end, and what
 * is written too much is written again, since packing goes forwards: less than a vector may be read behind the
 * operand, and written behind what is packed.
 * Parameters: address to pack to, address to pack from, lines, depth, stride of the lines, stride of the depth.
 */
export function packing<I, V>(w: LoopMath<I, V>, name: string, strip: number): (...values: I[]) => void {
  const size = w.elementSize;
  return w.procedure(name, 6, (to, from, lines, depth, lineStride, depthStride) => {
    const whole = w.fix(w.quotient(lines, strip));
    const stripSize = w.fix(w.times(depth, strip * size));
    const lineStep = w.fix(w.times(lineStride, strip));
    w.loop(
      whole,
      [
        [to, stripSize],
        [from, lineStep],
      ],
      (to, from) => {
        const byElements = () => packStrip(w, strip, to, from, depth, lineStride, depthStride);
        const adjacentLines = () => packAdjacentLines(w, strip, to, from, depth, depthStride);
        const adjacentDepths = () => packAdjacentDepths(w, strip, to, from, w.index(strip), depth, lineStride);
        const depthsOrElements = () => w.when(w.isEqual(depthStride, size), adjacentDepths, byElements);
        w.when(w.isEqual(lineStride, size), adjacentLines, depthsOrElements);
      },
    );
    const rest = w.fix(w.minus(lines, w.times(whole, strip)));
    w.when(rest, () => {
      const lastTo = w.fix(w.plus(to, w.times(whole, stripSize)));
      const lastFrom = w.fix(w.plus(from, w.times(whole, lineStep)));
      const byElements = () => packRest(w, strip, lastTo, lastFrom, rest, depth, lineStride, depthStride);
      const adjacentDepths = () => packAdjacentDepths(w, strip, lastTo, lastFrom, rest, depth, lineStride);
      w.when(w.isEqual(depthStride, size), adjacentDepths, byElements);
    });
  });
}

/** Where vectors begin that cover a strip: the last one ends with it, if it has room for a whole vector. */
export function vectorStarts(strip: number, lanes: number): number[] {
  const count = Math.ceil(strip / lanes);
  return Array.from({ length: count }, (_, i) => Math.min(i * lanes, Math.max(0, strip - lanes)));
}

/** A strip whose lines lie side by side in memory: copied by vectors. */
function packAdjacentLines<I, V>(w: LoopMath<I, V>, strip: number, to: I, from: I, depth: I, depthStride: I): void {
  const size = w.elementSize;
  w.loop(
    depth,
    [
      [to, strip * size],
      [from, depthStride],
    ],
    (to, from) => {
      for (const line of vectorStarts(strip, w.lanes)) {
        w.store(w.plus(to, line * size), w.load(w.plus(from, line * size)));
      }
    },
  );
}

/**
 * A strip whose lines each lie in one piece: transposed by squares of `lanes` × `lanes`. The last line stands in for those that
 * a strip at the edge lacks.
 */
function packAdjacentDepths<I, V>(
  w: LoopMath<I, V>,
  strip: number,
  to: I,
  from: I,
  lines: I,
  depth: I,
  lineStride: I,
): void {
  const { lanes, elementSize: size } = w;
  const squares = w.fix(w.quotient(depth, lanes));
  const last = w.fix(w.plus(lines, -1));
  const starts = Array.from({ length: strip }, (_, line) =>
    w.fix(w.times(lineStride, w.choose(w.isLess(last, line), last, w.index(line)))),
  );
  w.loop(
    squares,
    [
      [to, strip * lanes * size],
      [from, lanes * size],
    ],
    (to, from) => {
      const loaded = starts.map((start) => w.load(w.plus(from, start)));
      for (const line of vectorStarts(strip, lanes)) {
        const rows = Array.from({ length: lanes }, (_, l) => loaded[Math.min(line + l, strip - 1)]);
        w.transpose(rows).forEach((column, p) => {
          w.store(w.plus(to, (p * strip + line) * size), column);
        });
      }
    },
  );
  const done = w.fix(w.times(squares, lanes));
  const lastTo = w.plus(to, w.times(done, strip * size));
  const lastFrom = w.plus(from, w.times(done, size));
  packElements(w, strip, lastTo, lastFrom, lines, w.minus(depth, done), lineStride, w.index(size));
}

/** A strip with any strides: one depth after the other, so that it is written forwards. */
function packStrip<I, V>(
  w: LoopMath<I, V>,
  strip: number,
  to: I,
  from: I,
  depth: I,
  lineStride: I,
  depthStride: I,
): void {
  const size = w.elementSize;
  const starts = Array.from({ length: strip }, (_, line) => w.fix(w.times(lineStride, line)));
  w.loop(
    depth,
    [
      [to, strip * size],
      [from, depthStride],
    ],
    (to, from) => {
      starts.forEach((start, line) => {
        w.copy(w.plus(to, line * size), w.plus(from, start));
      });
    },
  );
}

/** Fewer lines than a strip has: by vectors where they lie side by side, and one by one what is left. */
function packRest<I, V>(
  w: LoopMath<I, V>,
  strip: number,
  to: I,
  from: I,
  lines: I,
  depth: I,
  lineStride: I,
  depthStride: I,
): void {
  const { lanes, elementSize: size } = w;
  const vectors = w.fix(w.times(w.quotient(lines, lanes), w.isEqual(lineStride, size)));
  const vectorCursors = [[to, lanes * size] as const, [from, lanes * size] as const];
  w.loop(vectors, vectorCursors, (to, from) =>
    w.loop(depth, [[to, strip * size] as const, [from, depthStride] as const], (to, from) => w.store(to, w.load(from))),
  );
  const done = w.fix(w.times(vectors, lanes));
  const lastFrom = w.plus(from, w.times(done, lineStride));
  packElements(
    w,
    strip,
    w.plus(to, w.times(done, size)),
    lastFrom,
    w.minus(lines, done),
    depth,
    lineStride,
    depthStride,
  );
}

/** Lines with any strides, one after the other, element by element. */
function packElements<I, V>(
  w: LoopMath<I, V>,
  strip: number,
  to: I,
  from: I,
  lines: I,
  depth: I,
  lineStride: I,
  depthStride: I,
): void {
  const size = w.elementSize;
  w.loop(
    lines,
    [
      [to, size],
      [from, lineStride],
    ],
    (to, from) =>
      w.loop(
        depth,
        [
          [to, strip * size],
          [from, depthStride],
        ],
        (to, from) => w.copy(to, from),
      ),
  );
}
