import type { BlockWork } from '../../block-work.ts';
import { vectorScalarMath } from '../../elementary/vector-scalar-math.ts';
import type { LoopMath } from '../../loop-math.ts';
import type { Formula } from '../../scalar-math.ts';
import { eliminate } from './elimination.ts';
import { readInto } from './rows.ts';

/** What becomes of the pivots of elimination. */
export interface OfPivots {
  /** Whether the sign of the permutation comes first, or `initial`. */
  readonly initial: 'sign' | number;
  /** How a pivot joins those before it. */
  readonly combine: Formula;
}

/** A number of a matrix from its pivots. */
export function writeOfPivots<I, V>(w: LoopMath<I, V>, work: BlockWork<I, V>, { initial, combine }: OfPivots): void {
  const { inputs, output, room } = work;
  const [a] = inputs;
  const [size] = a.sizes;
  const rows = { at: room, step: size * w.elementSize };
  readInto(w, rows, a);
  const { sign } = eliminate(w, rows, size, size);
  const math = vectorScalarMath(w);
  const total = w.keep(initial === 'sign' ? sign.get() : w.constant(initial));
  w.loop(w.index(size), [[room, rows.step + w.elementSize]], (diagonal) => {
    const pivot = w.share(w.splat(diagonal));
    total.set(math.numberOf(combine(math, math.fromNumbers(total.get()), math.fromNumbers(pivot))));
  });
  output.store(total.get());
}
