import {
  type VectorScalarMath,
  type VectorValue,
  vectorScalarMath,
} from '../../kernels/elementary/vector-scalar-math.ts';
import type { LoopMath, Register } from '../../kernels/loop-math.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import type { Access, LoopStage, MapStep, Operand, ReduceStep, StorageType } from '../stages.ts';
import { asStored, loadEntries, loadEntry, storeEntries, storeEntry } from './elements.ts';

/**
 * How a buffer's entries are read at the present place of the loops: side by side, one entry for all lanes, or so many bytes
 * apart.
 */
export type Reading = 'vector' | 'one' | number;

/** What the loops know of the place where they are. */
export interface Place<I> {
  /** The address of an access here. */
  addressOf(access: Access): I;
  /** How an access is read here. */
  readingOf(access: Access): Reading;
  /** Whether one entry is computed here, in the first lane, and not as many as there are lanes. */
  readonly isSingle: boolean;
}

/** Where results go that are kept in memory. */
export interface Results {
  /** The access to a result of a map step, if it is stored. */
  storedAt(buffer: number): Access | undefined;
  storageOf(buffer: number): StorageType;
}

/** One number for each reduction, on its way. */
export type Totals<V> = ReadonlyMap<ReduceStep, Register<V>>;

/** Writes what is done at one place of a stage's loops. */
export class LoopBody<I, V> {
  readonly math: VectorScalarMath<V>;
  readonly #w: LoopMath<I, V>;
  readonly #stage: LoopStage;
  readonly #results: Results;

  constructor(w: LoopMath<I, V>, stage: LoopStage, results: Results) {
    this.math = vectorScalarMath(w);
    this.#w = w;
    this.#stage = stage;
    this.#results = results;
  }

  /** @param outside Values that were read before the loop, by buffer and offset. */
  write(place: Place<I>, totals: Totals<V>, outside: ReadonlyMap<string, VectorValue<V>> = new Map()): void {
    const known = new Map(outside);
    const computed = new Map<number, VectorValue<V>>();
    const read = (operand: Operand): VectorValue<V> => {
      if (operand.kind === 'number') return this.math.constant(operand.value);
      if (operand.kind === 'register') return computed.get(operand.buffer) as VectorValue<V>;
      const key = accessKey(operand.access);
      const value = known.get(key) ?? this.load(operand.access, place);
      known.set(key, value);
      return value;
    };
    for (const step of this.#stage.steps) {
      if (step.kind === 'map') computed.set(step.result, this.#compute(step, step.operands.map(read), place));
      else this.#combine(step, read(step.operand), totals);
    }
  }

  load(access: Access, place: Place<I>): VectorValue<V> {
    return this.math.share(this.math.fromNumbers(this.#read(access, place)));
  }

  #read(access: Access, place: Place<I>): V {
    const address = place.addressOf(access);
    const storage = this.#results.storageOf(access.buffer);
    const reading = place.readingOf(access);
    if (reading === 'one') return loadEntry(this.#w, storage, address);
    return reading === 'vector' ? loadEntries(this.#w, storage, address) : this.#w.loadApart(address, reading);
  }

  store(access: Access, value: V, place: Place<I>): void {
    const storage = this.#results.storageOf(access.buffer);
    const store = place.isSingle ? storeEntry : storeEntries;
    store(this.#w, storage, place.addressOf(access), value);
  }

  /** The neutral value of a reduction, in a register. */
  start(step: ReduceStep): Register<V> {
    return this.#w.keep(this.#w.constant(step.initial));
  }

  combine(combine: Formula): (a: V, b: V) => V {
    const { math } = this;
    return (a, b) => math.numberOf(combine(math, math.fromNumbers(a), math.fromNumbers(b)));
  }

  #compute(step: MapStep, operands: readonly VectorValue<V>[], place: Place<I>): VectorValue<V> {
    const { math } = this;
    const result = step.formula(math, ...operands);
    const isNumber = step.isTruth && result.kind === 'numbers';
    const value = math.share(isNumber ? math.not(math.equal(result, math.constant(0))) : this.#asStored(step, result));
    const target = this.#results.storedAt(step.result);
    if (target !== undefined) this.store(target, math.numberOf(value), place);
    return value;
  }

  /** What a step that reads the result from memory would read. */
  #asStored({ result }: MapStep, value: VectorValue<V>): VectorValue<V> {
    const storage = this.#results.storageOf(result);
    if (storage === this.#w.elementType) return value;
    return this.math.fromNumbers(asStored(this.#w, storage, this.math.numberOf(value)));
  }

  #combine(step: ReduceStep, value: VectorValue<V>, totals: Totals<V>): void {
    const total = totals.get(step) as Register<V>;
    total.set(this.combine(step.combine)(total.get(), this.math.numberOf(value)));
  }
}

export function accessKey({ buffer, offset, strides }: Access): string {
  return `${buffer}|${offset}|${strides.join()}`;
}
