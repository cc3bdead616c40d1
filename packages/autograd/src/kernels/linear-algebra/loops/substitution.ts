import type { BlockWork } from '../../block-work.ts';
import type { LoopMath } from '../../loop-math.ts';
import type { Triangle } from '../triangle.ts';
import { alongRows, type Rows, readInto, subtractMultiple, writeFrom } from './rows.ts';

/** Solves `A X = B` by substitution, where A is a triangle of a matrix, and the rows of B become X. */
export function substitute<I, V>(
  w: LoopMath<I, V>,
  entryOfA: (row: I, column: I) => V,
  { at, step }: Rows<I>,
  [size, columns]: readonly [number, number],
  { upper, unit }: Triangle,
): void {
  const [first, direction] = upper ? [size - 1, -1] : [0, 1];
  const count = w.index(columns);
  w.loop(
    w.index(size),
    [
      [w.index(first), direction],
      [w.plus(at, first * step), direction * step],
      [w.index(0), 1],
    ],
    (row, target, solved) => {
      const [column, source] = upper ? [w.plus(row, 1), w.plus(target, step)] : [w.index(0), at];
      w.loop(
        solved,
        [
          [column, 1],
          [source, step],
        ],
        (column, source) => subtractMultiple(w, target, source, entryOfA(row, column), count),
      );
      if (unit) return;
      const pivot = w.share(entryOfA(row, row));
      alongRows(w, [target], count, ({ load, store }) => store(0, w.divide(load(0), pivot)));
    },
  );
}

/** X with `A X = B` for a triangle of A. */
export function writeTriangularSolution<I, V>(w: LoopMath<I, V>, work: BlockWork<I, V>, triangle: Triangle): void {
  const { inputs, output, room } = work;
  const [a, b] = inputs;
  const [size, columns] = b.sizes;
  const rows = { at: room, step: columns * w.elementSize };
  readInto(w, rows, b);
  substitute(w, (i, j) => a.load(i, j), rows, [size, columns], triangle);
  writeFrom(w, output, rows);
}
