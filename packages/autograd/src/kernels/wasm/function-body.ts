import { type Code, op, unsigned, type ValueType } from './assembler.ts';

/** The instructions and locals of a function while it is being written. */
export class FunctionBody {
  readonly code: Code[] = [];
  readonly locals: ValueType[] = [];
  readonly #parameters: number;
  /** Locals whose scope has ended. */
  readonly #free = new Map<ValueType, number[]>();
  #inScope: number[] = [];

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  emit(...pieces: readonly Code[]): void {
    for (const piece of pieces) this.code.push(piece);
  }

  /** A local that is free until the scope ends. */
  local(type: ValueType): number {
    const local = this.#free.get(type)?.pop() ?? this.#parameters + this.locals.push(type) - 1;
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

  #release(local: number): void {
    const type = this.locals[local - this.#parameters];
    const free = this.#free.get(type);
    if (free) free.push(local);
    else this.#free.set(type, [local]);
  }
}

export function read(local: number): Code {
  return [op.localGet, unsigned(local)];
}
