import type { Cursor, LoopMath, Register } from './loop-math.ts';

/**
 * Carries loop nests out, step by step: slow, and so plain that the writers are held to it. An index is a number, a
 * vector an array of them. Touching what is not in the memory throws.
 */
export class LoopInterpreter implements LoopMath<number, readonly number[]> {
  readonly elementSize: number = 1;
  readonly lanes: number;
  readonly memory: Float64Array;
  readonly procedures: Map<string, (...values: number[]) => void> = new Map();

  constructor(lanes: number, memory: Float64Array) {
    this.lanes = lanes;
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

  loop(count: number, cursors: readonly Cursor<number>[], body: (...positions: number[]) => void): void {
    for (let i = 0; i < count; i++) body(...cursors.map(([from, step]) => from + i * step));
  }
  when(condition: number, whenTrue: () => void, whenFalse?: () => void): void {
    if (condition) whenTrue();
    else whenFalse?.();
  }

  zero(): readonly number[] {
    return Array<number>(this.lanes).fill(0);
  }
  load(address: number): readonly number[] {
    return this.zero().map((_, lane) => this.#read(address + lane));
  }
  store(address: number, value: readonly number[]): void {
    value.forEach((element, lane) => {
      this.#write(address + lane, element);
    });
  }
  splat(address: number): readonly number[] {
    return this.zero().map(() => this.#read(address));
  }
  multiplyAdd(a: readonly number[], b: readonly number[], c: readonly number[]): readonly number[] {
    return a.map((element, lane) => element * b[lane] + c[lane]);
  }
  transpose(rows: readonly (readonly number[])[]): (readonly number[])[] {
    return rows.map((_, column) => rows.map((row) => row[column]));
  }
  keep(value: readonly number[]): Register<readonly number[]> {
    let kept = value;
    return {
      get: () => kept,
      set: (next) => {
        kept = next;
      },
    };
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
