import { type BlockWork, eachEntry } from '../../block-work.ts';
import type { LoopMath } from '../../loop-math.ts';
import { alongRows, elementAt, subtractMultiple } from './rows.ts';

/**
 * The lower triangle L with `L Lᵀ = ½ (A + Aᵀ)`; NaN where that is not positive definite. Its transpose is made row by row, in
 * which what a step does to the rest lies side by side.
 */
export function writeCholesky<I, V>(w: LoopMath<I, V>, { inputs: [a], output, room }: BlockWork<I, V>): void {
  const [size] = a.sizes;
  const rows = { at: room, step: size * w.elementSize };
  eachEntry(w, a.sizes, (i, j) => {
    const mean = w.multiply(w.add(a.load(i, j), a.load(j, i)), w.constant(0.5));
    w.storeElement(elementAt(w, rows, i, j), mean);
  });
  const isPositive = w.keep(w.equal(w.zero(), w.zero()));
  const cursors = [[room, rows.step + w.elementSize] as const, [w.index(size), -1] as const];
  w.loop(w.index(size), cursors, (diagonal, count) => {
    const pivot = w.share(w.squareRoot(w.splat(diagonal)));
    isPositive.set(w.and(isPositive.get(), w.less(w.zero(), pivot)));
    w.storeElement(diagonal, pivot);
    const beside = w.plus(diagonal, w.elementSize);
    const behind = w.minus(count, w.index(1));
    alongRows(w, [beside], behind, ({ load, store }) => store(0, w.divide(load(0), pivot)));
    const next = [
      [beside, w.elementSize],
      [w.plus(beside, rows.step), rows.step + w.elementSize],
      [behind, -1],
    ] as const;
    w.loop(behind, next, (entry, target, rest) => subtractMultiple(w, target, entry, w.splat(entry), rest));
  });
  eachEntry(w, a.sizes, (i, j) => {
    const isAbove = w.less(w.fromIndex(i), w.fromIndex(j));
    const entry = w.select(isAbove, w.zero(), w.splat(elementAt(w, rows, j, i)));
    output.store(w.select(isPositive.get(), entry, w.constant(Number.NaN)), i, j);
  });
}
