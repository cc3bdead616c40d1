import { type Lanes, VectorInterpreter } from './interpret-vectors.ts';
import type { Cursor, LoopMath } from './loop-math.ts';
import type { ElementType, Register } from './vector-math.ts';

/**
 * Carries loop nests out, step by step: slow, and so plain that the writers are held to it. An index is a number.
 * The memory holds one number at each address, be it an element or an integer. Touching what is not in it throws.
 */
export class LoopInterpreter extends VectorInterpreter implements LoopMath<number, Lanes> {
  readonly elementSize: number = 1;
  readonly memory: Float64Array;
  readonly procedures: Map<string, (...values: number[]) => void> = new Map();

  constructor(lanes: number, memory: Float64Array, elementType: ElementType = 'float64', roundings?: 1 | 2) {
    super(lanes, elementType, roundings);
    this.memory = memory;
  }

  procedure(name: string, parameters: number, body: (...parameters: number[]) => void): (...values: number[]) => void {
    const run = (...values: number[]): void => {
      if (values.length !== parameters) throw new Error(`${name} takes ${parameters} values, not ${values.length}`);
      body(...values);
    };
    this.procedures.set(name, run);
    return run;
  }

  index(value: number): number {
    return value;
  }
  plus(a: number, b: number): number {
    return a + b;
  }
  minus(a: number, b: number): number {
    return a - b;
  }
  times(a: number, b: number): number {
    return a * b;
  }
  quotient(a: number, b: number): number {
    return Math.floor(a / b);
  }
  isLess(a: number, b: number): number {
    return Number(a < b);
  }
  isEqual(a: number, b: number): number {
    return Number(a === b);
  }
  choose(condition: number, whenTrue: number, whenFalse: number): number {
    return condition ? whenTrue : whenFalse;
  }
  fix(value: number): number {
    return value;
  }
  keepIndex(value: number): Register<number> {
    let kept = value;
    return {
      get: () => kept,
      set: (next) => {
        kept = next;
      },
    };
  }

  loop(count: number, cursors: readonly Cursor<number>[], body: (...positions: number[]) => void): void {
    for (let i = 0; i < count; i++) body(...cursors.map(([from, step]) => from + i * step));
  }
  when(condition: number, whenTrue: () => void, whenFalse?: () => void): void {
    if (condition) whenTrue();
    else whenFalse?.();
  }

  zero(): Lanes {
    return this.constant(0);
  }
  load(address: number): Lanes {
    return this.fromElements((lane) => this.#read(address + lane));
  }
  loadApart(address: number, step: number): Lanes {
    return this.fromElements((lane) => this.#read(address + lane * step));
  }
  store(address: number, value: Lanes): void {
    value.forEach((element, lane) => {
      this.#write(address + lane, element);
    });
  }
  splat(address: number): Lanes {
    return this.constant(this.#read(address));
  }
  storeElement(address: number, value: Lanes): void {
    this.#write(address, value[0]);
  }
  loadSingles(address: number): Lanes {
    return this.load(address);
  }
  splatSingle(address: number): Lanes {
    return this.splat(address);
  }
  storeSingles(address: number, value: Lanes): void {
    this.store(address, this.roundToSingle(value));
  }
  storeSingle(address: number, value: Lanes): void {
    this.storeElement(address, this.roundToSingle(value));
  }
  loadIntegers(address: number): Lanes {
    return this.load(address);
  }
  splatInteger(address: number): Lanes {
    return this.splat(address);
  }
  storeIntegers(address: number, value: Lanes): void {
    this.store(address, value);
  }
  toIndex(value: Lanes): number {
    return value[0];
  }
  fromIndex(value: number): Lanes {
    return this.constant(value);
  }
  loadIndex(address: number): number {
    return this.#read(address);
  }
  storeIndex(address: number, value: number): void {
    this.#write(address, value);
  }
  combineLanes(value: Lanes, combine: (a: Lanes, b: Lanes) => Lanes): Lanes {
    let combined = value;
    for (let half = this.lanes / 2; half >= 1; half /= 2) {
      const before = combined;
      const otherHalf = this.fromElements((lane) => before[(lane + half) % this.lanes]);
      combined = combine(before, otherHalf);
    }
    return this.constant(combined[0]);
  }
  transpose(rows: readonly Lanes[]): Lanes[] {
    return rows.map((_, column) => this.fromElements((lane) => rows[lane][column]));
  }
  copy(to: number, from: number): void {
    this.#write(to, this.#read(from));
  }

  #read(address: number): number {
    this.#check(address);
    return this.memory[address];
  }
  #write(address: number, value: number): void {
    this.#check(address);
    this.memory[address] = value;
  }
  #check(address: number): void {
    if (!(address in this.memory)) throw new RangeError(`address ${address} is outside the memory`);
  }
}
