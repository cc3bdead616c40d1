import { entriesOf, type Shape } from '../../core/shape.ts';
import { loopNest } from '../../kernels/iteration.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import type { View } from './node-context.ts';

/** Where an operand's entries lie: the address of the first, and steps in bytes. */
export type Operand = Omit<View, 'shape'>;

/** What is done at a place, by a writer of vectors of any length: to as many entries as its vectors have, or to a single one. */
export type VectorBody<I> = <V>(w: LoopMath<I, V>, at: readonly I[], isSingle: boolean) => void;

/** The loops over a shape, in which each operand has a cursor. Units are turns of the first loop. */
export class Walk {
  readonly units: number;
  readonly #sizes: readonly number[];
  readonly #steps: readonly (readonly number[])[];
  readonly #operands: readonly Operand[];

  /** @param order The dims, outermost first. Default: those with the longest steps first, so that loops run along memory. */
  constructor(shape: Shape, operands: readonly Operand[], order: readonly number[] = inMemoryOrder(shape, operands)) {
    const nest = loopNest(
      order.map((d) => shape[d] as number),
      operands.map(({ strides }) => order.map((d) => strides[d] as number)),
    );
    this.#sizes = nest.sizes.length > 0 ? nest.sizes : [1];
    this.#steps = nest.strides.map((steps) => (steps.length > 0 ? steps : [0]));
    this.#operands = operands;
    this.units = entriesOf(shape) === 0 ? 0 : (this.#sizes[0] as number);
  }

  /** Whether different turns of the first loop never meet in an operand. */
  isFirstDisjoint(operand: number): boolean {
    const steps = this.#steps[operand] as readonly number[];
    const dims = steps.map((step, d) => ({
      d,
      step: Math.abs(step),
      span: Math.abs(step) * ((this.#sizes[d] as number) - 1),
    }));
    const sorted = dims.sort((a, b) => a.step - b.step);
    return sorted.every(({ d, step }, k) => {
      const below = sorted.slice(0, k).reduce((sum, { span }) => sum + span, 0);
      const isAbove = sorted.slice(0, k).some((dim) => dim.d === 0);
      return (d !== 0 && !isAbove) || step > below;
    });
  }

  /** How far apart an operand's entries lie in the innermost loop, in bytes. */
  innerStep(operand: number): number {
    return this.#steps[operand]?.[this.#sizes.length - 1] as number;
  }

  /** Runs through all entries of some units; the body gets where each operand is. */
  write<I, V>(w: LoopMath<I, V>, from: I, to: I, body: (at: readonly I[]) => void): void {
    this.#units(w, from, to, (at) => this.#loops(w, 1, this.#sizes.length, at, body));
  }

  /** The same by vectors along the innermost loop, and one by one where what is left is no whole vector. */
  writeVectors<I, V>(w: LoopMath<I, V>, from: I, to: I, body: VectorBody<I>): void {
    const last = this.#sizes.length - 1;
    if (last === 0) this.#pieces(w, from, to, body);
    else
      this.#units(w, from, to, (at) =>
        this.#loops(w, 1, last, at, (inner) => this.#row(w, inner, this.#sizes[last] as number, body)),
      );
  }

  /** A single loop: its units are entries. */
  #pieces<I, V>(w: LoopMath<I, V>, from: I, to: I, body: VectorBody<I>): void {
    const start = w.fix(from);
    const at = this.#operands.map(({ address }, k) => w.fix(w.plus(w.times(start, this.innerStep(k)), address)));
    const count = w.fix(w.minus(to, start));
    const vectors = w.fix(w.quotient(count, w.lanes));
    this.#vectors(w, at, vectors, body);
    const done = w.fix(w.times(vectors, w.lanes));
    this.#singles(w, this.#further(w, at, done), w.minus(count, done), body);
  }

  /** So many entries, which is known: what is left of them by narrower vectors first. */
  #row<I, V>(w: LoopMath<I, V>, at: readonly I[], count: number, body: VectorBody<I>): void {
    const rest = count % w.lanes;
    if (count >= w.lanes) this.#vectors(w, at, w.index((count - rest) / w.lanes), body);
    if (rest === 0) return;
    const left = this.#further(w, at, w.index(count - rest));
    if (w.narrower) this.#row(w.narrower, left, rest, body);
    else this.#singles(w, left, w.index(rest), body);
  }

  #vectors<I, V>(w: LoopMath<I, V>, at: readonly I[], count: I, body: VectorBody<I>): void {
    const cursors = at.map((position, k) => [position, this.innerStep(k) * w.lanes] as const);
    w.loop(count, cursors, (...inside) => body(w, inside, false));
  }

  #singles<I, V>(w: LoopMath<I, V>, at: readonly I[], count: I, body: VectorBody<I>): void {
    const cursors = at.map((position, k) => [position, this.innerStep(k)] as const);
    w.loop(count, cursors, (...inside) => body(w, inside, true));
  }

  /** So many entries on in the innermost loop. */
  #further<I, V>(w: LoopMath<I, V>, at: readonly I[], entries: I): readonly I[] {
    return at.map((position, k) => w.plus(position, w.times(entries, this.innerStep(k))));
  }

  #units<I, V>(w: LoopMath<I, V>, from: I, to: I, body: (at: readonly I[]) => void): void {
    const start = w.fix(from);
    const cursors = this.#operands.map(({ address }, k) => {
      const step = this.#steps[k]?.[0] as number;
      return [w.fix(w.plus(w.times(start, step), address)), step] as const;
    });
    w.loop(w.minus(to, start), cursors, (...at) => body(at));
  }

  #loops<I, V>(w: LoopMath<I, V>, dim: number, end: number, at: readonly I[], body: (at: readonly I[]) => void): void {
    if (dim >= end) {
      body(at);
      return;
    }
    const cursors = at.map((position, k) => [position, this.#steps[k]?.[dim] as number] as const);
    w.loop(w.index(this.#sizes[dim] as number), cursors, (...inside) => this.#loops(w, dim + 1, end, inside, body));
  }
}

function inMemoryOrder(shape: Shape, operands: readonly Operand[]): number[] {
  const reach = (d: number): number => operands.reduce((sum, { strides }) => sum + Math.abs(strides[d] as number), 0);
  return shape.map((_, d) => d).sort((a, b) => reach(b) - reach(a));
}
