import { entriesOf, type Shape } from '../../core/shape.ts';
import { loopNest } from '../../kernels/iteration.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import type { Graph, GraphNode, Value } from '../graph.ts';
import { storageBytes } from '../stages.ts';
import type { Addresses } from './addresses.ts';

/** What the kernels of a primitive are written from. */
export interface NodeContext {
  readonly name: string;
  readonly node: GraphNode;
  readonly elementType: ElementType;
  readonly graph: Graph;
  readonly addresses: Addresses;
}

/** Entries in memory: the address of the first, and steps in bytes. */
export interface View {
  readonly address: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
}

/** Where the entries of a value lie. */
export function viewOf({ graph, addresses }: NodeContext, value: number): View {
  const { shape, place } = graph.values[value] as Value;
  const bytes = storageBytes[addresses.storageOf(place.buffer)];
  return {
    address: addresses.addressOf(place.buffer) + bytes * place.offset,
    shape,
    strides: place.strides.map((step) => step * bytes),
  };
}

/** Where an operand's entries lie: the address of the first, and steps in bytes. */
export type Operand = Pick<View, 'address' | 'strides'>;

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
  writeVectors<I, V>(w: LoopMath<I, V>, from: I, to: I, body: (at: readonly I[], isSingle: boolean) => void): void {
    const last = this.#sizes.length - 1;
    const along = (at: readonly I[], count: number): void => this.#along(w, at, w.index(count), body);
    if (last === 0) this.#pieces(w, from, to, body);
    else
      this.#units(w, from, to, (at) =>
        this.#loops(w, 1, last, at, (inner) => along(inner, this.#sizes[last] as number)),
      );
  }

  /** A single loop: its units are entries. */
  #pieces<I, V>(w: LoopMath<I, V>, from: I, to: I, body: (at: readonly I[], isSingle: boolean) => void): void {
    const start = w.fix(from);
    const at = this.#operands.map(({ address }, k) => w.fix(w.plus(w.times(start, this.innerStep(k)), address)));
    this.#along(w, at, w.fix(w.minus(to, start)), body);
  }

  #along<I, V>(
    w: LoopMath<I, V>,
    at: readonly I[],
    count: I,
    body: (at: readonly I[], isSingle: boolean) => void,
  ): void {
    const { lanes } = w;
    const vectors = w.fix(w.quotient(count, lanes));
    const steps = at.map((_, k) => this.innerStep(k));
    const cursors = at.map((position, k) => [position, (steps[k] as number) * lanes] as const);
    w.loop(vectors, cursors, (...inside) => body(inside, false));
    const done = w.fix(w.times(vectors, lanes));
    const rest = at.map(
      (position, k) => [w.plus(position, w.times(done, steps[k] as number)), steps[k] as number] as const,
    );
    w.loop(w.minus(count, done), rest, (...inside) => body(inside, true));
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

/** A kernel that goes through operands entry by entry. */
export function walkKernel(
  { name, elementType }: Pick<NodeContext, 'name' | 'elementType'>,
  shape: Shape,
  operands: readonly Operand[],
  body: <I, V>(w: LoopMath<I, V>, ...at: I[]) => void,
): Kernel {
  const loops = new Walk(shape, operands);
  return {
    name,
    elementType,
    units: loops.units,
    cost: (2 * entriesOf(shape)) / Math.max(1, loops.units),
    write: (w) => w.procedure(name, 3, (from, to) => loops.write(w, from, to, (at) => body(w, ...at))),
  };
}

/** A value at the present place, and how it is read and stored there. */
export interface VectorPlace<I, V> {
  /** Of the operand: as many entries as there are lanes, or one in every lane. */
  load(operand: number, offset?: I): V;
  /** Into the first operand, whose entries must lie side by side. */
  store(value: V): void;
}

/** A kernel that goes through operands by vectors, and stores into the first of them. */
export function vectorKernel(
  { name, elementType }: Pick<NodeContext, 'name' | 'elementType'>,
  shape: Shape,
  operands: readonly Operand[],
  body: <I, V>(w: LoopMath<I, V>, place: VectorPlace<I, V>) => void,
): Kernel {
  const loops = new Walk(shape, operands);
  const bytes = storageBytes[elementType];
  // Where units meet in the result, one thread does them all.
  const grain = loops.isFirstDisjoint(0) ? 1 : Math.max(1, loops.units);
  const placeAt = <I, V>(w: LoopMath<I, V>, at: readonly I[], isSingle: boolean): VectorPlace<I, V> => ({
    load(operand, offset) {
      const position = at[operand] as I;
      const address = offset === undefined ? position : w.plus(position, offset);
      const step = loops.innerStep(operand);
      if (isSingle || step === 0) return w.splat(address);
      return step === bytes ? w.load(address) : w.loadApart(address, step);
    },
    store: (value) => (isSingle ? w.storeElement(at[0] as I, value) : w.store(at[0] as I, value)),
  });
  return {
    name,
    elementType,
    units: loops.units,
    cost: entriesOf(shape) / Math.max(1, loops.units),
    grain,
    write: (w) =>
      w.procedure(name, 3, (from, to) => {
        if (loops.innerStep(0) === bytes) {
          loops.writeVectors(w, from, to, (at, isSingle) => body(w, placeAt(w, at, isSingle)));
        } else loops.write(w, from, to, (at) => body(w, placeAt(w, at, true)));
      }),
  };
}
