import { isSet } from '../../block-work.ts';
import type { LoopMath, Register } from '../../loop-math.ts';
import { exchange, type Rows, subtractMultiple } from './rows.ts';

export interface Elimination<V> {
  /** The determinant of the permutation of rows: 1 or -1. */
  readonly sign: Register<V>;
  /** A mask: whether a pivot is zero. */
  readonly isSingular: Register<V>;
}

/**
 * Gaussian elimination with partial pivoting in rows of `width` elements, the first `size` of which are a matrix A: they
 * become U of `P A = L U`, and what lies beside them becomes `L⁻¹ P` times that. Below the diagonal nothing is of use.
 */
export function eliminate<I, V>(w: LoopMath<I, V>, { at, step }: Rows<I>, size: number, width: number): Elimination<V> {
  const sign = w.keep(w.constant(1));
  const isSingular = w.keep(w.zero());
  w.loop(
    w.index(size),
    [
      [at, step + w.elementSize],
      [w.index(size - 1), -1],
      [w.index(width), -1],
    ],
    (diagonal, below, count) => {
      const row = largestBelow(w, diagonal, step, below);
      exchange(w, diagonal, row, count);
      sign.set(w.multiply(sign.get(), w.fromIndex(w.choose(w.isEqual(row, diagonal), w.index(1), w.index(-1)))));
      const pivot = w.share(w.splat(diagonal));
      const isZero = w.share(w.equal(pivot, w.zero()));
      isSingular.set(w.or(isSingular.get(), isZero));
      const takeFrom = (entry: I): void => {
        const factor = w.share(w.divide(w.splat(entry), pivot));
        const next = w.elementSize;
        subtractMultiple(w, w.plus(entry, next), w.plus(diagonal, next), factor, w.minus(count, w.index(1)));
      };
      w.when(
        isSet(w, isZero),
        () => {},
        () => w.loop(below, [[w.plus(diagonal, step), step]], takeFrom),
      );
    },
  );
  return { sign, isSingular };
}

/** The address, from the diagonal down, of the entry of the largest magnitude. */
function largestBelow<I, V>(w: LoopMath<I, V>, diagonal: I, step: number, below: I): I {
  const place = w.keepIndex(diagonal);
  const largest = w.keep(w.absolute(w.splat(diagonal)));
  w.loop(below, [[w.plus(diagonal, step), step]], (at) => {
    const entry = w.share(w.absolute(w.splat(at)));
    const isLarger = w.share(w.less(largest.get(), entry));
    place.set(w.choose(isSet(w, isLarger), at, place.get()));
    largest.set(w.select(isLarger, entry, largest.get()));
  });
  return w.fix(place.get());
}
