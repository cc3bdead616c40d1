import { type BlockWork, eachEntry } from '../../block-work.ts';
import type { LoopMath } from '../../loop-math.ts';
import { eliminate } from './elimination.ts';
import { elementAt, type Rows, readInto, writeFrom } from './rows.ts';
import { substitute } from './substitution.ts';

/** X with `A X = B`; NaN where A is singular. */
export function writeSolution<I, V>(w: LoopMath<I, V>, work: BlockWork<I, V>): void {
  const [, b] = work.inputs;
  solveBeside(w, work, b.sizes[1], (beside) => readInto(w, beside, b));
}

/** `A⁻¹`; NaN where A is singular. */
export function writeInverse<I, V>(w: LoopMath<I, V>, work: BlockWork<I, V>): void {
  const [a] = work.inputs;
  solveBeside(w, work, a.sizes[0], (beside) =>
    eachEntry(w, a.sizes, (i, j) => {
      const entry = w.fromIndex(w.choose(w.isEqual(i, j), w.index(1), w.index(0)));
      w.storeElement(elementAt(w, beside, i, j), entry);
    }),
  );
}

/** Solves for columns that are put beside the matrix. */
function solveBeside<I, V>(
  w: LoopMath<I, V>,
  { inputs: [a], output, room }: BlockWork<I, V>,
  columns: number,
  putBeside: (rows: Rows<I>) => void,
): void {
  const [size] = a.sizes;
  const rows = { at: room, step: (size + columns) * w.elementSize };
  const beside = { ...rows, at: w.plus(room, size * w.elementSize) };
  readInto(w, rows, a);
  putBeside(beside);
  const { isSingular } = eliminate(w, rows, size, size + columns);
  const entry = (i: I, j: I): V => w.splat(elementAt(w, rows, i, j));
  substitute(w, entry, beside, [size, columns], { upper: true, unit: false });
  writeFrom(w, output, beside, isSingular.get());
}
