import { type Code, type FunctionCode, op, unsigned, type ValueType, valueType } from './assembler.ts';

/** A function may have 50,000 locals, and what a kernel repeats are a few constants. */
const MOST_CONSTANTS = 256;

/** The instructions and locals of a function while it is being written. */
export class FunctionBody {
  readonly #code: Code[] = [];
  readonly #locals: ValueType[] = [];
  /** Sets the locals of the constants, before all else. */
  readonly #beginning: Code[] = [];
  readonly #constants = new Map<string, number>();
  readonly #parameters: number;
  /** Locals whose scope has ended. */
  readonly #free = new Map<ValueType, number[]>();
  #inScope: number[] = [];

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  emit(...pieces: readonly Code[]): void {
    for (const piece of pieces) this.#code.push(piece);
  }

  /**
   * A constant vector, named by `key`, from a local: V8 (Node 24) makes a constant anew wherever the code has it, and a
   * polynomial with relaxed multiply-add was 2 to 5 times as fast with its coefficients in locals.
   */
  constant(key: string, write: () => readonly Code[]): readonly Code[] {
    const known = this.#constants.get(key);
    if (known !== undefined) return read(known);
    if (this.#constants.size === MOST_CONSTANTS) return write();
    // Not one whose scope has ended: it would not hold the constant until here.
    const local = this.#newLocal(valueType.v128);
    this.#constants.set(key, local);
    this.#beginning.push(write(), op.localSet, unsigned(local));
    return read(local);
  }

  /** A local that is free until the scope ends. */
  local(type: ValueType): number {
    const local = this.#free.get(type)?.pop() ?? this.#newLocal(type);
    this.#inScope.push(local);
    return local;
  }

  /** Writes a body whose locals serve others afterwards: a loop after the other needs no more of them than one. */
  scope(body: () => void): void {
    const outside = this.#inScope;
    this.#inScope = [];
    body();
    for (const local of this.#inScope.reverse()) this.#release(local);
    this.#inScope = outside;
  }

  set(local: number, value: Code): void {
    this.emit(value, op.localSet, unsigned(local));
  }

  /** What has been written, as a function. */
  finish(name: string): FunctionCode {
    return { name, parameters: this.#parameters, locals: this.#locals, body: [this.#beginning, this.#code] };
  }

  #newLocal(type: ValueType): number {
    return this.#parameters + this.#locals.push(type) - 1;
  }

  #release(local: number): void {
    const type = this.#locals[local - this.#parameters];
    const free = this.#free.get(type);
    if (free) free.push(local);
    else this.#free.set(type, [local]);
  }
}

export function read(local: number): readonly Code[] {
  return [op.localGet, unsigned(local)];
}
