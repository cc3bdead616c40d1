import { fail } from '../../core/errors.ts';
import type { ElementType, LibraryFunction, Register, VectorMath } from '../vector-math.ts';
import { type Code, op, valueType, vectorBytes } from './assembler.ts';
import { FunctionBody, read } from './function-body.ts';
import { type ElementInstructions, elementOp, float32Op, float64Op, vectorOp } from './vector-opcodes.ts';
import { WasmModule } from './wasm-module.ts';

export interface WasmOptions {
  readonly elementType: ElementType;
  /** Whether to use the relaxed instructions, multiply-add with one rounding above all; not every runtime has them. */
  readonly relaxed: boolean;
  readonly sharedMemory?: boolean;
}

/** 1.5 · 2^52: added to a whole number below 2^51, it leaves that number in the lowest bits of the float64. */
const WHOLE_NUMBER_SHIFT = 1.5 * 2 ** 52;

/** Writes vector code as WebAssembly SIMD. A vector is the code that leaves it on the stack. */
export class VectorWriter implements VectorMath<Code> {
  readonly elementType: ElementType;
  readonly lanes: number;
  readonly elementSize: number;
  protected readonly options: WasmOptions;
  protected readonly output: WasmModule;
  protected readonly instructions: ElementInstructions;
  /** Numbers that are known, and the opposites of masks that have one. */
  readonly #numbers = new WeakMap<readonly Code[], number>();
  readonly #opposites = new WeakMap<readonly Code[], Code>();
  /** Of the procedure that is being written. */
  protected body: FunctionBody = new FunctionBody(0);

  constructor(options: WasmOptions, output: WasmModule = new WasmModule()) {
    this.options = options;
    this.output = output;
    this.elementType = options.elementType;
    this.instructions = elementOp[options.elementType];
    this.elementSize = options.elementType === 'float32' ? 4 : 8;
    this.lanes = vectorBytes / this.elementSize;
  }

  constant(value: number): Code {
    const code = this.#constant(`${Object.is(value, -0) ? '-0' : value}`, this.elementType, value);
    this.#numbers.set(code, this.elementType === 'float32' ? Math.fround(value) : value);
    return code;
  }

  share(value: Code): Code {
    return this.keep(value).get();
  }
  keep(value: Code): Register<Code> {
    const local = this.body.local(valueType.v128);
    const set = (next: Code): void => this.body.set(local, next);
    set(value);
    return { get: () => read(local), set };
  }

  add(a: Code, b: Code): Code {
    return [a, b, this.instructions.add];
  }
  subtract(a: Code, b: Code): Code {
    return [a, b, this.instructions.subtract];
  }
  multiply(a: Code, b: Code): Code {
    return [a, b, this.instructions.multiply];
  }
  divide(a: Code, b: Code): Code {
    return [a, b, this.instructions.divide];
  }
  multiplyAdd(a: Code, b: Code, c: Code): Code {
    const { add, multiply, relaxedMultiplyAdd } = this.instructions;
    return this.options.relaxed ? [a, b, c, relaxedMultiplyAdd] : [a, b, multiply, c, add];
  }
  negate(a: Code): Code {
    // Not the instruction: V8 13 (Node 24) computes it wrongly at times where it pairs vectors of float64.
    return [a, this.constant(-0), vectorOp.exclusiveOr];
  }
  absolute(a: Code): Code {
    return [a, this.instructions.absolute];
  }
  squareRoot(a: Code): Code {
    return [a, this.instructions.squareRoot];
  }
  floor(a: Code): Code {
    return [a, this.instructions.floor];
  }
  ceil(a: Code): Code {
    return [a, this.instructions.ceil];
  }
  truncate(a: Code): Code {
    return [a, this.instructions.truncate];
  }
  nearest(a: Code): Code {
    return [a, this.instructions.nearest];
  }
  roundToSingle(a: Code): Code {
    return this.elementType === 'float32' ? a : [a, float64Op.demote, float64Op.promote];
  }
  minimum(a: Code, b: Code): Code {
    if (this.#isNonZero(a) || this.#isNonZero(b)) return this.#choice(a, b, this.instructions.lesserOrFirst);
    return [a, b, this.instructions.minimum];
  }
  maximum(a: Code, b: Code): Code {
    if (this.#isNonZero(a) || this.#isNonZero(b)) return this.#choice(a, b, this.instructions.greaterOrFirst);
    return [a, b, this.instructions.maximum];
  }

  less(a: Code, b: Code): Code {
    return [a, b, this.instructions.less];
  }
  lessEqual(a: Code, b: Code): Code {
    return [a, b, this.instructions.lessEqual];
  }
  equal(a: Code, b: Code): Code {
    const code = [a, b, this.instructions.equal];
    this.#opposites.set(code, [a, b, this.instructions.notEqual]);
    return code;
  }
  and(a: Code, b: Code): Code {
    return [a, b, vectorOp.and];
  }
  or(a: Code, b: Code): Code {
    return [a, b, vectorOp.or];
  }
  not(a: Code): Code {
    return (Array.isArray(a) ? this.#opposites.get(a) : undefined) ?? [a, vectorOp.not];
  }
  select(mask: Code, a: Code, b: Code): Code {
    if (this.#isZero(a)) return [b, mask, vectorOp.andNot];
    if (this.#isZero(b)) return [a, mask, vectorOp.and];
    return [a, b, mask, vectorOp.bitSelect];
  }

  toIntegers(a: Code): Code {
    if (this.elementType === 'float32') {
      return [a, this.options.relaxed ? float32Op.relaxedToIntegers : float32Op.toIntegers];
    }
    const shift = this.constant(WHOLE_NUMBER_SHIFT);
    return this.subtractIntegers(this.add(a, shift), shift);
  }
  fromIntegers(a: Code): Code {
    if (this.elementType === 'float32') return [a, this.instructions.convertIntegers];
    const shift = this.constant(WHOLE_NUMBER_SHIFT);
    return this.subtract(this.addIntegers(a, shift), shift);
  }
  integerConstant(value: number): Code {
    return this.#constant(`integer ${value}`, this.elementType === 'float32' ? 'int32' : 'int64', value);
  }
  addIntegers(a: Code, b: Code): Code {
    return [a, b, this.instructions.addIntegers];
  }
  subtractIntegers(a: Code, b: Code): Code {
    return [a, b, this.instructions.subtractIntegers];
  }
  shiftLeft(a: Code, bits: number): Code {
    return [a, op.i32Const, bits, this.instructions.shiftLeft];
  }
  shiftRight(a: Code, bits: number): Code {
    return [a, op.i32Const, bits, this.instructions.shiftRight];
  }

  call(name: LibraryFunction, ...x: Code[]): Code {
    if (this.elementType !== 'float64') {
      fail('call', {
        got: `${name} of ${this.elementType}`,
        needs: 'float64: the library computes in it',
        fix: `write ${name} in the operations of VectorMath`,
      });
    }
    const callee = this.output.libraryFunction(name, x.length);
    const { extractLane, splat } = this.instructions;
    const kept = x.map((value) => this.share(value));
    const ofLane = (lane: number): Code => [kept.map((value) => [value, extractLane, lane]), op.call, callee];
    return this.share([ofLane(0), splat, ofLane(1), float64Op.replaceLane, 1]);
  }

  /** The bytes of two vectors, one behind the other, from which each byte of the result is taken. */
  protected shuffle(a: Code, b: Code, sourceOfLane: (lane: number) => number): Code {
    const size = this.elementSize;
    const bytes = Array.from(
      { length: vectorBytes },
      (_, byte) => sourceOfLane(Math.floor(byte / size)) * size + (byte % size),
    );
    return [a, b, vectorOp.shuffleBytes, bytes];
  }

  /**
   * One instruction of the processor, where the minimum and the maximum of WebAssembly take some eight: gives the first
   * vector unless the second is less (or greater), so that the two agree unless the second is NaN or both are zeros.
   */
  #choice(a: Code, b: Code, instruction: Code): Code {
    return this.#isNonZero(b) ? [a, b, instruction] : [b, a, instruction];
  }

  /** Whether it is a constant other than 0, -0 and NaN. */
  #isNonZero(code: Code): boolean {
    const value = this.#numberOf(code);
    return value < 0 || value > 0;
  }

  /** Whether no bit is set. */
  #isZero(code: Code): boolean {
    return Object.is(this.#numberOf(code), 0);
  }

  /** NaN where it is not known. */
  #numberOf(code: Code): number {
    return (Array.isArray(code) ? this.#numbers.get(code) : undefined) ?? Number.NaN;
  }

  #constant(key: string, type: keyof typeof setLane, value: number): readonly Code[] {
    return this.body.constant(key, () => {
      const bytes = new Uint8Array(vectorBytes);
      const view = new DataView(bytes.buffer);
      for (let at = 0; at < vectorBytes; at += this.elementSize) setLane[type](view, at, value);
      return [vectorOp.const, bytes];
    });
  }
}

/** WebAssembly's bytes begin with the lowest, on every machine. */
const setLane = {
  float32: (bytes: DataView, at: number, value: number): void => bytes.setFloat32(at, value, true),
  float64: (bytes: DataView, at: number, value: number): void => bytes.setFloat64(at, value, true),
  int32: (bytes: DataView, at: number, value: number): void => bytes.setInt32(at, value, true),
  int64: (bytes: DataView, at: number, value: number): void => bytes.setBigInt64(at, BigInt(value), true),
} as const;
