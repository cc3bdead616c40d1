import type { Cursor, LoopMath, Register } from '../loop-math.ts';
import { type Code, noResult, op, signed, unsigned, type ValueType, valueType, vectorBytes } from './assembler.ts';
import { FunctionBody, read } from './function-body.ts';
import { address, asIndex, computed, type Index, isConstant, push, sum } from './index-code.ts';
import { elementOp, float64Op, vectorOp } from './vector-opcodes.ts';
import { VectorWriter } from './write-vectors.ts';

export type { ElementType } from '../vector-math.ts';
export type { Index } from './index-code.ts';
export type { WasmOptions } from './write-vectors.ts';

/**
 * Writes loop nests as WebAssembly SIMD. A vector is the code that leaves it on the stack, so one that is not kept is
 * computed where it is used.
 */
export class WasmWriter extends VectorWriter implements LoopMath<Index, Code> {
  /** The module of all procedures written so far. */
  module(): Uint8Array<ArrayBuffer> {
    return this.output.bytes(this.options.sharedMemory);
  }

  procedure(name: string, parameters: number, body: (...parameters: Index[]) => void): (...values: Index[]) => void {
    const outside = this.body;
    this.body = new FunctionBody(parameters);
    body(...Array.from({ length: parameters }, (_, local) => this.#read(local)));
    const written = this.body.finish(name);
    this.body = outside;
    this.output.add(written);
    return (...values) => this.emit(values.map(push), op.call, written);
  }

  /** For what the algebra does not say, such as atomic instructions: writes code that leaves nothing on the stack. */
  emit(...pieces: readonly Code[]): void {
    this.body.emit(...pieces);
  }

  /** A local that `emit` may use until the body of the innermost loop or condition ends. */
  local(type: ValueType): number {
    return this.body.local(type);
  }

  index(value: number): Index {
    return asIndex(value);
  }
  plus(a: Index, b: Index | number): Index {
    return sum(a, asIndex(b));
  }
  minus(a: Index, b: Index): Index {
    if (isConstant(b)) return sum(a, asIndex(-b.constant));
    return computed(a, b, op.i32Subtract, (a, b) => a - b);
  }
  times(a: Index, b: Index | number): Index {
    const factor = asIndex(b);
    if (isConstant(factor) && factor.constant === 1) return a;
    if (isConstant(a) && a.constant === 1) return factor;
    return computed(a, factor, op.i32Multiply, Math.imul);
  }
  quotient(a: Index, b: Index | number): Index {
    return computed(a, asIndex(b), op.i32DivideSigned, (a, b) => a / b);
  }
  isLess(a: Index, b: Index | number): Index {
    return computed(a, asIndex(b), op.i32LessSigned, (a, b) => Number(a < b));
  }
  isEqual(a: Index, b: Index | number): Index {
    return computed(a, asIndex(b), op.i32Equal, (a, b) => Number(a === b));
  }
  choose(condition: Index, whenTrue: Index, whenFalse: Index): Index {
    if (isConstant(condition)) return condition.constant ? whenTrue : whenFalse;
    return { code: [push(whenTrue), push(whenFalse), push(condition), op.select], constant: 0 };
  }
  fix(value: Index): Index {
    if (isConstant(value)) return value;
    return this.keepIndex(value).get();
  }
  keepIndex(value: Index): Register<Index> {
    const local = this.body.local(valueType.i32);
    const set = (next: Index): void => this.body.set(local, push(next));
    set(value);
    return { get: () => this.#read(local), set };
  }

  loop(count: Index, cursors: readonly Cursor<Index>[], body: (...positions: Index[]) => void): void {
    if (isConstant(count) && count.constant <= 0) return;
    this.body.scope(() => {
      if (isConstant(count) && count.constant === 1) body(...cursors.map(([from]) => this.fix(from)));
      else this.#repeat(count, cursors, body);
    });
  }

  #repeat(count: Index, cursors: readonly Cursor<Index>[], body: (...positions: Index[]) => void): void {
    const left = this.body.local(valueType.i32);
    const positions = cursors.map(([from]) => {
      const local = this.body.local(valueType.i32);
      this.body.set(local, push(from));
      return local;
    });
    const steps = cursors.map(([, step]) => this.fix(asIndex(step)));
    const maybeNone = !isConstant(count);
    this.body.set(left, push(count));
    if (maybeNone) this.emit(read(left), op.i32Const, 0, op.i32GreaterSigned, op.if, noResult);
    this.emit(op.loop, noResult);
    this.body.scope(() => body(...positions.map((local) => this.#read(local))));
    positions.forEach((local, i) => {
      this.body.set(local, push(sum(this.#read(local), steps[i])));
    });
    const innermostLoop = 0;
    this.emit(read(left), op.i32Const, signed(-1), op.i32Add, op.localTee, unsigned(left), op.branchIf, innermostLoop);
    this.emit(op.end, maybeNone ? op.end : []);
  }

  when(condition: Index, whenTrue: () => void, whenFalse: () => void = () => {}): void {
    if (isConstant(condition)) {
      this.body.scope(condition.constant ? whenTrue : whenFalse);
      return;
    }
    this.emit(push(condition), op.if, noResult);
    this.body.scope(whenTrue);
    this.emit(op.else);
    this.body.scope(whenFalse);
    this.emit(op.end);
  }

  zero(): Code {
    return [vectorOp.const, new Uint8Array(vectorBytes)];
  }
  load(from: Index): Code {
    return this.#load(vectorOp.load, from);
  }
  loadApart(from: Index, step: number): Code {
    let vector = this.#load(this.instructions.loadZero, from);
    for (let lane = 1; lane < this.lanes; lane++) {
      const { base, offset } = address(this.plus(from, lane * step));
      vector = [base, vector, this.instructions.loadLane, offset, lane];
    }
    return vector;
  }
  store(to: Index, value: Code): void {
    const { base, offset } = address(to);
    this.emit(base, value, vectorOp.store, offset);
  }
  splat(from: Index): Code {
    return this.#load(this.instructions.loadSplat, from);
  }
  storeElement(to: Index, value: Code): void {
    const { base, offset } = address(to);
    const firstLane = 0;
    this.emit(base, value, this.instructions.storeLane, offset, firstLane);
  }
  loadSingles(from: Index): Code {
    if (this.elementType === 'float32') return this.load(from);
    return [this.#load(vectorOp.load64Zero, from), float64Op.promote];
  }
  splatSingle(from: Index): Code {
    const singles = this.#load(vectorOp.load32Splat, from);
    return this.elementType === 'float32' ? singles : [singles, float64Op.promote];
  }
  storeSingles(to: Index, value: Code): void {
    const { base, offset } = address(to);
    if (this.elementType === 'float32') this.store(to, value);
    else this.emit(base, value, float64Op.demote, this.instructions.storeLane, offset, 0);
  }
  storeSingle(to: Index, value: Code): void {
    const { base, offset } = address(to);
    if (this.elementType === 'float32') this.storeElement(to, value);
    else this.emit(base, value, float64Op.demote, elementOp.float32.storeLane, offset, 0);
  }
  loadIntegers(from: Index): Code {
    const load = this.elementType === 'float32' ? vectorOp.load : vectorOp.load64Zero;
    return [this.#load(load, from), this.instructions.convertIntegers];
  }
  splatInteger(from: Index): Code {
    return [this.#load(vectorOp.load32Splat, from), this.instructions.convertIntegers];
  }
  storeIntegers(to: Index, value: Code): void {
    const { base, offset } = address(to);
    if (this.elementType === 'float32') this.store(to, this.toIntegers(value));
    else this.emit(base, value, float64Op.truncateToWords, this.instructions.storeLane, offset, 0);
  }
  toIndex(value: Code): Index {
    const firstLane = 0;
    return { code: [value, this.instructions.extractLane, firstLane, this.instructions.toWord], constant: 0 };
  }
  fromIndex(value: Index): Code {
    return [push(value), this.instructions.fromWord, this.instructions.splat];
  }
  loadIndex(from: Index): Index {
    return { code: this.#load(op.i32Load, from), constant: 0 };
  }
  storeIndex(to: Index, value: Index): void {
    const { base, offset } = address(to);
    this.emit(base, push(value), op.i32Store, offset);
  }
  copy(to: Index, from: Index): void {
    const [load, store] = this.elementType === 'float32' ? [op.f32Load, op.f32Store] : [op.f64Load, op.f64Store];
    const { base, offset } = address(to);
    this.emit(base, this.#load(load, from), store, offset);
  }

  combineLanes(value: Code, combine: (a: Code, b: Code) => Code): Code {
    let combined = this.share(value);
    for (let half = this.lanes / 2; half >= 1; half /= 2) {
      const all = combined;
      const [low, high] = [0, half].map((first) => this.share(this.shuffle(all, all, (lane) => first + (lane % half))));
      combined = this.share(combine(low, high));
    }
    return combined;
  }

  /** Interleaves vectors that lie half the square apart, as often as halving `lanes` allows. */
  transpose(rows: readonly Code[]): Code[] {
    const { lanes } = this;
    const half = lanes / 2;
    let vectors = [...rows];
    for (let halved = lanes; halved > 1; halved /= 2) {
      vectors = vectors.slice(0, half).flatMap((low, i) => {
        const high = vectors[i + half];
        const interleaved = (first: number): Code =>
          this.shuffle(low, high, (lane) => (lane % 2) * lanes + first + Math.floor(lane / 2));
        return [this.share(interleaved(0)), this.share(interleaved(half))];
      });
    }
    return vectors;
  }

  #load(instruction: Code, from: Index): Code {
    const { base, offset } = address(from);
    return [base, instruction, offset];
  }

  #read(local: number): Index {
    return { code: read(local), constant: 0 };
  }
}
