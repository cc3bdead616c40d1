import type { Cursor, LoopMath, Register } from '../loop-math.ts';
import {
  assembleModule,
  type Code,
  type FunctionCode,
  noResult,
  op,
  signed,
  simd,
  unsigned,
  type ValueType,
  valueType,
  vectorBytes,
  vectorOp,
} from './assembler.ts';

/** The instructions in which the element types differ. */
interface Instructions {
  readonly bytes: number;
  readonly load: number;
  readonly store: number;
  readonly splat: number;
  readonly add: number;
  readonly multiply: number;
  readonly relaxedMultiplyAdd: number;
}

export type ElementType = 'float32' | 'float64';

const instructions: Readonly<Record<ElementType, Instructions>> = {
  float32: {
    bytes: 4,
    load: op.f32Load,
    store: op.f32Store,
    splat: vectorOp.load32Splat,
    add: vectorOp.f32x4Add,
    multiply: vectorOp.f32x4Multiply,
    relaxedMultiplyAdd: vectorOp.f32x4RelaxedMultiplyAdd,
  },
  float64: {
    bytes: 8,
    load: op.f64Load,
    store: op.f64Store,
    splat: vectorOp.load64Splat,
    add: vectorOp.f64x2Add,
    multiply: vectorOp.f64x2Multiply,
    relaxedMultiplyAdd: vectorOp.f64x2RelaxedMultiplyAdd,
  },
};

/**
 * An index: code that leaves an i32 on the stack, and a constant to be added to it. In an address the constant becomes
 * the offset of the load or store; the code part must then by itself be an address that is not negative.
 */
export interface Index {
  readonly code: Code;
  readonly constant: number;
}

export interface WasmOptions {
  readonly elementType: ElementType;
  /** Whether to multiply and add with one rounding, by the relaxed instructions, which not every runtime has. */
  readonly relaxed: boolean;
  readonly sharedMemory?: boolean;
}

/** Writes loop nests as WebAssembly SIMD. A vector is the code that leaves it on the stack. */
export class WasmWriter implements LoopMath<Index, Code> {
  readonly lanes: number;
  readonly elementSize: number;
  readonly #options: WasmOptions;
  readonly #instructions: Instructions;
  readonly #functions: FunctionCode[] = [];
  /** Of the procedure that is being written. */
  #parameters = 0;
  #locals: ValueType[] = [];
  #body: number[] = [];

  constructor(options: WasmOptions) {
    this.#options = options;
    this.#instructions = instructions[options.elementType];
    this.elementSize = this.#instructions.bytes;
    this.lanes = vectorBytes / this.elementSize;
  }

  /** The module of all procedures written so far. */
  module(): Uint8Array<ArrayBuffer> {
    return assembleModule(this.#functions, this.#options.sharedMemory);
  }

  procedure(name: string, parameters: number, body: (...parameters: Index[]) => void): (...values: Index[]) => void {
    this.#parameters = parameters;
    this.#locals = [];
    this.#body = [];
    body(...Array.from({ length: parameters }, (_, local) => this.#read(local)));
    const number = this.#functions.push({ name, parameters, locals: this.#locals, body: this.#body }) - 1;
    return (...values) => this.#emit(...values.map(push), [op.call, ...unsigned(number)]);
  }

  index(value: number): Index {
    return { code: [], constant: value };
  }

  plus(a: Index, b: Index | number): Index {
    if (typeof b === 'number') return { code: a.code, constant: a.constant + b };
    const code = isConstant(a) ? b.code : isConstant(b) ? a.code : [...a.code, ...b.code, op.i32Add];
    return { code, constant: a.constant + b.constant };
  }

  minus(a: Index, b: Index): Index {
    return computed(push(a), push(b), [op.i32Subtract]);
  }

  times(a: Index, b: Index | number): Index {
    const factor = typeof b === 'number' ? this.index(b) : b;
    if (isConstant(a) && isConstant(factor)) return this.index(a.constant * factor.constant);
    return computed(push(a), push(factor), [op.i32Multiply]);
  }

  quotient(a: Index, b: Index | number): Index {
    return computed(push(a), pushNumber(b), [op.i32DivideSigned]);
  }

  isLess(a: Index, b: Index | number): Index {
    return computed(push(a), pushNumber(b), [op.i32LessSigned]);
  }

  isEqual(a: Index, b: Index | number): Index {
    return computed(push(a), pushNumber(b), [op.i32Equal]);
  }

  choose(condition: Index, whenTrue: Index, whenFalse: Index): Index {
    return computed(push(whenTrue), push(whenFalse), push(condition), [op.select]);
  }

  fix(value: Index): Index {
    if (isConstant(value)) return value;
    const local = this.#local(valueType.i32);
    this.#emit(push(value), [op.localSet, ...unsigned(local)]);
    return this.#read(local);
  }

  loop(count: Index, cursors: readonly Cursor<Index>[], body: (...positions: Index[]) => void): void {
    const left = this.#local(valueType.i32);
    const positions = cursors.map(([from]) => {
      const local = this.#local(valueType.i32);
      this.#emit(push(from), [op.localSet, ...unsigned(local)]);
      return local;
    });
    const steps = cursors.map(([, step]) => this.fix(typeof step === 'number' ? this.index(step) : step));
    this.#emit(push(count), [op.localTee, ...unsigned(left)], push(this.index(0)), [op.i32GreaterSigned]);
    this.#emit([op.if, noResult, op.loop, noResult]);
    body(...positions.map((local) => this.#read(local)));
    positions.forEach((local, i) => {
      this.#emit(push(this.#read(local)), push(steps[i]), [op.i32Add, op.localSet, ...unsigned(local)]);
    });
    this.#emit(push(this.#read(left)), push(this.index(1)), [op.i32Subtract, op.localTee, ...unsigned(left)]);
    const innermostLoop = 0;
    this.#emit([op.branchIf, innermostLoop, op.end, op.end]);
  }

  when(condition: Index, whenTrue: () => void, whenFalse?: () => void): void {
    this.#emit(push(condition), [op.if, noResult]);
    whenTrue();
    if (whenFalse) {
      this.#emit([op.else]);
      whenFalse();
    }
    this.#emit([op.end]);
  }

  zero(): Code {
    return [...simd(vectorOp.const), ...Array<number>(vectorBytes).fill(0)];
  }

  load(address: Index): Code {
    const { base, offset } = unaligned(address);
    return [...base, ...simd(vectorOp.load), ...offset];
  }

  store(address: Index, value: Code): void {
    const { base, offset } = unaligned(address);
    this.#emit(base, value, simd(vectorOp.store), offset);
  }

  splat(address: Index): Code {
    const { base, offset } = unaligned(address);
    return [...base, ...simd(this.#instructions.splat), ...offset];
  }

  multiplyAdd(a: Code, b: Code, c: Code): Code {
    const { add, multiply, relaxedMultiplyAdd } = this.#instructions;
    return this.#options.relaxed
      ? [...a, ...b, ...c, ...simd(relaxedMultiplyAdd)]
      : [...a, ...b, ...simd(multiply), ...c, ...simd(add)];
  }

  /** Interleaves vectors that lie half the square apart, as often as halving `lanes` allows. */
  transpose(rows: readonly Code[]): Code[] {
    let vectors = [...rows];
    for (let halved = this.lanes; halved > 1; halved /= 2) {
      const half = this.lanes / 2;
      vectors = vectors.slice(0, half).flatMap((low, i) => {
        const high = vectors[i + half];
        return [0, half].map((firstLane) => this.keep(this.#interleave(low, high, firstLane)).get());
      });
    }
    return vectors;
  }

  /** Half the lanes of two vectors in turn: a[first], b[first], a[first + 1], … */
  #interleave(a: Code, b: Code, firstLane: number): Code {
    const bytes = Array.from({ length: vectorBytes }, (_, byte) => {
      const lane = Math.floor(byte / this.elementSize);
      const source = (lane % 2) * vectorBytes + (firstLane + Math.floor(lane / 2)) * this.elementSize;
      return source + (byte % this.elementSize);
    });
    return [...a, ...b, ...simd(vectorOp.shuffleBytes), ...bytes];
  }

  keep(value: Code): Register<Code> {
    const local = this.#local(valueType.v128);
    const set = (next: Code): void => this.#emit(next, [op.localSet, ...unsigned(local)]);
    set(value);
    return { get: () => [op.localGet, ...unsigned(local)], set };
  }

  copy(to: Index, from: Index): void {
    const target = unaligned(to);
    const source = unaligned(from);
    const { load, store } = this.#instructions;
    this.#emit(target.base, source.base, [load, ...source.offset], [store, ...target.offset]);
  }

  #emit(...pieces: readonly Code[]): void {
    for (const piece of pieces) this.#body.push(...piece);
  }

  #local(type: ValueType): number {
    return this.#parameters + this.#locals.push(type) - 1;
  }

  #read(local: number): Index {
    return { code: [op.localGet, ...unsigned(local)], constant: 0 };
  }
}

function isConstant(index: Index): boolean {
  return index.code.length === 0;
}

function computed(...pieces: readonly Code[]): Index {
  return { code: pieces.flat(), constant: 0 };
}

function push({ code, constant }: Index): Code {
  if (code.length === 0) return [op.i32Const, ...signed(constant)];
  return constant === 0 ? code : [...code, op.i32Const, ...signed(constant), op.i32Add];
}

function pushNumber(value: Index | number): Code {
  return typeof value === 'number' ? [op.i32Const, ...signed(value)] : push(value);
}

/** An address, with the promise of no alignment and the constant as the instruction's offset. */
function unaligned({ code, constant }: Index): { base: Code; offset: Code } {
  const alignment = 0;
  const base = code.length === 0 ? [op.i32Const, 0] : code;
  return { base, offset: [alignment, ...unsigned(constant)] };
}
