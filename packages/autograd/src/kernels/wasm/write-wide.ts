import type { Cursor, LoopMath } from '../loop-math.ts';
import type { ElementType, LibraryFunction, Register } from '../vector-math.ts';
import { type Code, vectorBytes } from './assembler.ts';
import type { Index } from './index-code.ts';
import type { WasmWriter } from './write-wasm.ts';

/** Two vectors of WebAssembly side by side. */
export type WideVector = readonly [low: Code, high: Code];

/**
 * Writes loop nests whose vectors are pairs of WebAssembly's: whatever is done to one half is done to the other. A runtime that
 * computes such pairs in one register of twice the width does so where both halves are loaded, and stored, side by side.
 */
export class WideWriter implements LoopMath<Index, WideVector> {
  readonly elementType: ElementType;
  readonly lanes: number;
  readonly elementSize: number;
  readonly #half: WasmWriter;
  /** What is kept of higher halves in the loop or procedure that is being written. */
  #highHalves: Register<Code>[] = [];

  /** @param half Writes the halves, and all that has to do with no vector. */
  constructor(half: WasmWriter) {
    this.#half = half;
    this.elementType = half.elementType;
    this.elementSize = half.elementSize;
    this.lanes = 2 * half.lanes;
  }

  get narrower(): WasmWriter {
    return this.#half;
  }

  /** The module of all procedures written so far. */
  module(): Uint8Array<ArrayBuffer> {
    return this.#half.module();
  }

  procedure(name: string, parameters: number, body: (...parameters: Index[]) => void): (...values: Index[]) => void {
    return this.#half.procedure(name, parameters, (...parameters) => this.#within(() => body(...parameters)));
  }

  constant(value: number): WideVector {
    return both(this.#half.constant(value));
  }
  share([low, high]: WideVector): WideVector {
    const shared = this.#half.share(low);
    return low === high ? both(shared) : [shared, this.#keepHigh(high).get()];
  }
  keep([low, high]: WideVector): Register<WideVector> {
    const registers = [this.#half.keep(low), this.#keepHigh(high)] as const;
    return {
      get: () => [registers[0].get(), registers[1].get()],
      set: ([low, high]) => {
        // The higher half may be computed from the lower one as it was.
        const nextHigh = this.#keepHigh(high).get();
        registers[0].set(low);
        registers[1].set(nextHigh);
      },
    };
  }
  #keepHigh(high: Code): Register<Code> {
    const register = this.#half.keep(high);
    this.#highHalves.push(register);
    return register;
  }

  add(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.add(a, b), a, b);
  }
  subtract(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.subtract(a, b), a, b);
  }
  multiply(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.multiply(a, b), a, b);
  }
  divide(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.divide(a, b), a, b);
  }
  multiplyAdd(a: WideVector, b: WideVector, c: WideVector): WideVector {
    return this.#each((a, b, c) => this.#half.multiplyAdd(a, b, c), a, b, c);
  }
  negate(a: WideVector): WideVector {
    return this.#each((a) => this.#half.negate(a), a);
  }
  absolute(a: WideVector): WideVector {
    return this.#each((a) => this.#half.absolute(a), a);
  }
  squareRoot(a: WideVector): WideVector {
    return this.#each((a) => this.#half.squareRoot(a), a);
  }
  floor(a: WideVector): WideVector {
    return this.#each((a) => this.#half.floor(a), a);
  }
  ceil(a: WideVector): WideVector {
    return this.#each((a) => this.#half.ceil(a), a);
  }
  truncate(a: WideVector): WideVector {
    return this.#each((a) => this.#half.truncate(a), a);
  }
  nearest(a: WideVector): WideVector {
    return this.#each((a) => this.#half.nearest(a), a);
  }
  roundToSingle(a: WideVector): WideVector {
    return this.#each((a) => this.#half.roundToSingle(a), a);
  }
  minimum(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.minimum(a, b), a, b);
  }
  maximum(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.maximum(a, b), a, b);
  }

  less(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.less(a, b), a, b);
  }
  lessEqual(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.lessEqual(a, b), a, b);
  }
  equal(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.equal(a, b), a, b);
  }
  and(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.and(a, b), a, b);
  }
  or(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.or(a, b), a, b);
  }
  not(a: WideVector): WideVector {
    return this.#each((a) => this.#half.not(a), a);
  }
  select(mask: WideVector, a: WideVector, b: WideVector): WideVector {
    return this.#each((mask, a, b) => this.#half.select(mask, a, b), mask, a, b);
  }

  toIntegers(a: WideVector): WideVector {
    return this.#each((a) => this.#half.toIntegers(a), a);
  }
  fromIntegers(a: WideVector): WideVector {
    return this.#each((a) => this.#half.fromIntegers(a), a);
  }
  integerConstant(value: number): WideVector {
    return both(this.#half.integerConstant(value));
  }
  addIntegers(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.addIntegers(a, b), a, b);
  }
  subtractIntegers(a: WideVector, b: WideVector): WideVector {
    return this.#each((a, b) => this.#half.subtractIntegers(a, b), a, b);
  }
  shiftLeft(a: WideVector, bits: number): WideVector {
    return this.#each((a) => this.#half.shiftLeft(a, bits), a);
  }
  shiftRight(a: WideVector, bits: number): WideVector {
    return this.#each((a) => this.#half.shiftRight(a, bits), a);
  }
  call(name: LibraryFunction, ...x: WideVector[]): WideVector {
    return this.#each((...x) => this.#half.call(name, ...x), ...x);
  }

  index(value: number): Index {
    return this.#half.index(value);
  }
  plus(a: Index, b: Index | number): Index {
    return this.#half.plus(a, b);
  }
  minus(a: Index, b: Index): Index {
    return this.#half.minus(a, b);
  }
  times(a: Index, b: Index | number): Index {
    return this.#half.times(a, b);
  }
  quotient(a: Index, b: Index | number): Index {
    return this.#half.quotient(a, b);
  }
  isLess(a: Index, b: Index | number): Index {
    return this.#half.isLess(a, b);
  }
  isEqual(a: Index, b: Index | number): Index {
    return this.#half.isEqual(a, b);
  }
  choose(condition: Index, whenTrue: Index, whenFalse: Index): Index {
    return this.#half.choose(condition, whenTrue, whenFalse);
  }
  fix(value: Index): Index {
    return this.#half.fix(value);
  }
  keepIndex(value: Index): Register<Index> {
    return this.#half.keepIndex(value);
  }
  loop(count: Index, cursors: readonly Cursor<Index>[], body: (...positions: Index[]) => void): void {
    this.#half.loop(count, cursors, (...positions) => {
      // Else the next turn would seem to read them, alone, which keeps V8 from pairing them.
      for (const register of this.#within(() => body(...positions))) register.set(this.#half.zero());
    });
  }
  when(condition: Index, whenTrue: () => void, whenFalse?: () => void): void {
    this.#half.when(condition, whenTrue, whenFalse);
  }

  zero(): WideVector {
    return both(this.#half.zero());
  }
  load(from: Index): WideVector {
    return [this.#half.load(from), this.#half.load(this.plus(from, vectorBytes))];
  }
  loadApart(from: Index, step: number): WideVector {
    return [this.#half.loadApart(from, step), this.#half.loadApart(this.plus(from, this.#half.lanes * step), step)];
  }
  store(to: Index, value: WideVector): void {
    this.#storeBoth(to, value, vectorBytes, (to, half) => this.#half.store(to, half));
  }
  splat(from: Index): WideVector {
    return both(this.#half.splat(from));
  }
  storeElement(to: Index, [low]: WideVector): void {
    this.#half.storeElement(to, low);
  }
  loadSingles(from: Index): WideVector {
    return [this.#half.loadSingles(from), this.#half.loadSingles(this.plus(from, this.#half.lanes * singleBytes))];
  }
  splatSingle(from: Index): WideVector {
    return both(this.#half.splatSingle(from));
  }
  storeSingles(to: Index, value: WideVector): void {
    this.#storeBoth(to, value, this.#half.lanes * singleBytes, (to, half) => this.#half.storeSingles(to, half));
  }
  storeSingle(to: Index, [low]: WideVector): void {
    this.#half.storeSingle(to, low);
  }
  loadIntegers(from: Index): WideVector {
    return [this.#half.loadIntegers(from), this.#half.loadIntegers(this.plus(from, this.#half.lanes * integerBytes))];
  }
  splatInteger(from: Index): WideVector {
    return both(this.#half.splatInteger(from));
  }
  storeIntegers(to: Index, value: WideVector): void {
    this.#storeBoth(to, value, this.#half.lanes * integerBytes, (to, half) => this.#half.storeIntegers(to, half));
  }
  toIndex([low]: WideVector): Index {
    return this.#half.toIndex(low);
  }
  fromIndex(value: Index): WideVector {
    return both(this.#half.fromIndex(value));
  }
  loadIndex(from: Index): Index {
    return this.#half.loadIndex(from);
  }
  storeIndex(to: Index, value: Index): void {
    this.#half.storeIndex(to, value);
  }
  copy(to: Index, from: Index): void {
    this.#half.copy(to, from);
  }

  combineLanes(value: WideVector, combine: (a: WideVector, b: WideVector) => WideVector): WideVector {
    const combineHalves = (a: Code, b: Code): Code => combine(both(a), both(b))[0];
    const [low, high] = this.share(value);
    return both(this.#half.combineLanes(combineHalves(low, high), combineHalves));
  }

  /** Four squares of half the size, of which those beside the diagonal change places. */
  transpose(rows: readonly WideVector[]): WideVector[] {
    const upper = rows.slice(0, this.#half.lanes);
    const lower = rows.slice(this.#half.lanes);
    return ([0, 1] as const).flatMap((half) => {
      const [above, below] = [upper, lower].map((rows) => this.#half.transpose(rows.map((row) => row[half])));
      return above.map((column, i): WideVector => [column, below[i]]);
    });
  }

  /** Writes a body; gives what it keeps of higher halves, outside of the loops in it. */
  #within(body: () => void): readonly Register<Code>[] {
    const outside = this.#highHalves;
    const inside: Register<Code>[] = [];
    this.#highHalves = inside;
    body();
    this.#highHalves = outside;
    return inside;
  }

  #each(of: (...halves: Code[]) => Code, ...x: readonly WideVector[]): WideVector {
    const low = of(...x.map(([low]) => low));
    return x.every(([low, high]) => low === high) ? both(low) : [low, of(...x.map(([, high]) => high))];
  }

  /**
   * Both halves are computed before one is stored, which the other may be computed from. The higher one goes first: were it to
   * trap, nothing would have been stored, as with one store of both.
   */
  #storeBoth(to: Index, value: WideVector, step: number, store: (to: Index, half: Code) => void): void {
    const [low, high] = this.share(value);
    store(this.plus(to, step), high);
    store(to, low);
  }
}

const singleBytes = 4;
const integerBytes = 4;

function both(half: Code): WideVector {
  return [half, half];
}
