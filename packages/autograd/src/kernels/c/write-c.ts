import type { Cursor, LoopMath, Register } from '../loop-math.ts';
import type { ElementType, LibraryFunction } from '../vector-math.ts';
import { CText } from './c-text.ts';
import { type CElement, cElements, vectorSource, vectorsName } from './vector-source.ts';

/** In bytes. Narrower vectors are no faster than this. */
const SHORTEST_VECTOR = 16;

export interface COptions {
  readonly elementType: ElementType;
  /** A power of two; a machine's vectors hold 2 to 16 elements. */
  readonly lanes: number;
}

/**
 * Writes loop nests as C. An index is an expression of variables that stay as they are. A vector is a variable of its own
 * for each operation, so that every value is computed where it was written: the compiler removes what is not needed.
 */
export class CWriter implements LoopMath<string, string> {
  readonly elementType: ElementType;
  readonly lanes: number;
  readonly elementSize: number;
  readonly #element: CElement;
  readonly #text: CText;
  /** What names of its types and functions begin with. */
  readonly #prefix: string;
  #narrower: CWriter | undefined;

  /** @param text Where it writes. Default: procedures of its own. */
  constructor({ elementType, lanes }: COptions, text: CText = new CText()) {
    this.elementType = elementType;
    this.lanes = lanes;
    this.#text = text;
    this.#prefix = vectorsName(elementType, lanes);
    this.#element = cElements[elementType];
    this.elementSize = this.#element.bytes;
  }

  get narrower(): CWriter | undefined {
    const lanes = this.lanes / 2;
    if (lanes * this.elementSize < SHORTEST_VECTOR) return undefined;
    this.#narrower ??= new CWriter({ elementType: this.elementType, lanes }, this.#text);
    return this.#narrower;
  }

  /** All procedures written so far, behind the vectors that they compute with; `commonSource` must stand before. */
  source(): string {
    return [...this.#vectorSources(), this.#text.source()].join('\n');
  }

  #vectorSources(): string[] {
    const narrower = this.#narrower === undefined ? [] : this.#narrower.#vectorSources();
    return [vectorSource(this.elementType, this.lanes), ...narrower];
  }

  /** The C function of a procedure: its first parameter is the memory, the others are indices. */
  functionName(procedure: string): string {
    return `${this.elementType}_procedure_${procedure}`;
  }

  procedure(name: string, parameters: number, body: (...parameters: string[]) => void): (...values: string[]) => void {
    const names = Array.from({ length: parameters }, (_, i) => `p${i}`);
    const declarations = ['char *const restrict M', ...names.map((parameter) => `const I ${parameter}`)];
    const head = `static __attribute__((unused)) void ${this.functionName(name)}(${declarations.join(', ')})`;
    this.#text.procedure(head, () => body(...names));
    return (...values) => this.#emit(`${this.functionName(name)}(${['M', ...values].join(', ')});`);
  }

  index(value: number): string {
    return value < 0 ? `(${value})` : `${value}`;
  }
  plus(a: string, b: string | number): string {
    return b === 0 ? a : `(${a} + ${this.#indexOf(b)})`;
  }
  minus(a: string, b: string): string {
    return `(${a} - ${b})`;
  }
  times(a: string, b: string | number): string {
    return b === 1 ? a : `(${a} * ${this.#indexOf(b)})`;
  }
  quotient(a: string, b: string | number): string {
    // Neither is negative, and division without signs is quicker.
    return `(I)((uintptr_t)${a} / (uintptr_t)${this.#indexOf(b)})`;
  }
  isLess(a: string, b: string | number): string {
    return `(${a} < ${this.#indexOf(b)})`;
  }
  isEqual(a: string, b: string | number): string {
    return `(${a} == ${this.#indexOf(b)})`;
  }
  choose(condition: string, whenTrue: string, whenFalse: string): string {
    return `(${condition} ? ${whenTrue} : ${whenFalse})`;
  }
  fix(value: string): string {
    const name = this.#name('i');
    this.#emit(`const I ${name} = ${value};`);
    return name;
  }
  keepIndex(value: string): Register<string> {
    const name = this.#name('index');
    this.#emit(`I ${name} = ${value};`);
    return { get: () => this.fix(name), set: (next) => this.#emit(`${name} = ${next};`) };
  }

  loop(count: string, cursors: readonly Cursor<string>[], body: (...positions: string[]) => void): void {
    const left = this.#name('left');
    const variables = cursors.map(([from, step]) => {
      const name = this.#name('cursor');
      return { name, from, step: this.fix(this.#indexOf(step)) };
    });
    this.#emit('{', ...variables.map(({ name, from }) => `I ${name} = ${from};`));
    this.#emit(`for (I ${left} = ${count}; ${left} > 0; ${left}--) {`);
    body(...variables.map(({ name }) => name));
    this.#emit(...variables.map(({ name, step }) => `${name} += ${step};`), '}', '}');
  }
  when(condition: string, whenTrue: () => void, whenFalse?: () => void): void {
    this.#emit(`if (${condition}) {`);
    whenTrue();
    if (whenFalse) {
      this.#emit('} else {');
      whenFalse();
    }
    this.#emit('}');
  }

  zero(): string {
    return this.constant(0);
  }
  constant(value: number): string {
    const name = this.#call('all', this.#literal(value));
    const rounded = this.elementType === 'float32' ? Math.fround(value) : value;
    if (rounded < 0 || rounded > 0) this.#text.markNonZero(name);
    return name;
  }
  /** Every vector has a variable of its own. */
  share(value: string): string {
    return value;
  }
  keep(value: string): Register<string> {
    const name = this.#name('kept');
    this.#emit(`${this.#vectorType} ${name} = ${value};`);
    return { get: () => this.#vector(name), set: (next) => this.#emit(`${name} = ${next};`) };
  }

  load(address: string): string {
    return this.#vector(`*(const ${this.#prefix}_unaligned *)(M + ${address})`);
  }
  loadApart(address: string, step: number): string {
    const elements = Array.from({ length: this.lanes }, (_, lane) => this.#elementAt(this.plus(address, lane * step)));
    return this.#vector(`(${this.#vectorType}){${elements.join(', ')}}`);
  }
  store(address: string, value: string): void {
    this.#emit(`*(${this.#prefix}_unaligned *)(M + ${address}) = ${value};`);
  }
  splat(address: string): string {
    return this.#call('all', this.#elementAt(address));
  }
  storeElement(address: string, value: string): void {
    this.#emit(`${this.#elementAt(address)} = ${value}[0];`);
  }
  loadSingles(address: string): string {
    const singles = `*(const ${this.#prefix}_singles *)(M + ${address})`;
    return this.#vector(`__builtin_convertvector(${singles}, ${this.#vectorType})`);
  }
  splatSingle(address: string): string {
    return this.#call('all', `(${this.#element.type})${singleAt(address)}`);
  }
  storeSingles(address: string, value: string): void {
    const singles = `${this.#prefix}_singles`;
    this.#emit(`*(${singles} *)(M + ${address}) = __builtin_convertvector(${value}, ${singles});`);
  }
  storeSingle(address: string, value: string): void {
    this.#emit(`${singleAt(address)} = (float)${value}[0];`);
  }
  loadIntegers(address: string): string {
    const words = `*(const ${this.#prefix}_words *)(M + ${address})`;
    return this.#vector(`__builtin_convertvector(${words}, ${this.#vectorType})`);
  }
  splatInteger(address: string): string {
    return this.#call('all', `(${this.#element.type})${wordAt(address)}`);
  }
  storeIntegers(address: string, value: string): void {
    const words = `${this.#prefix}_words`;
    this.#emit(`*(${words} *)(M + ${address}) = __builtin_convertvector(${value}, ${words});`);
  }
  toIndex(value: string): string {
    return `((I)${value}[0])`;
  }
  fromIndex(value: string): string {
    return this.#call('all', `(${this.#element.type})${value}`);
  }
  loadIndex(address: string): string {
    return this.fix(wordAt(address));
  }
  storeIndex(address: string, value: string): void {
    this.#emit(`${wordAt(address)} = (word)${value};`);
  }
  copy(to: string, from: string): void {
    this.#emit(`${this.#elementAt(to)} = ${this.#elementAt(from)};`);
  }

  add(a: string, b: string): string {
    return this.#vector(`${a} + ${b}`);
  }
  subtract(a: string, b: string): string {
    return this.#vector(`${a} - ${b}`);
  }
  multiply(a: string, b: string): string {
    return this.#vector(`${a} * ${b}`);
  }
  divide(a: string, b: string): string {
    return this.#vector(`${a} / ${b}`);
  }
  negate(a: string): string {
    return this.#vector(`-${a}`);
  }
  multiplyAdd(a: string, b: string, c: string): string {
    return this.#call('multiply_add', a, b, c);
  }
  absolute(a: string): string {
    return this.#call('absolute', a);
  }
  squareRoot(a: string): string {
    return this.#call('square_root', a);
  }
  floor(a: string): string {
    return this.#call('floor', a);
  }
  ceil(a: string): string {
    return this.#call('ceil', a);
  }
  truncate(a: string): string {
    return this.#call('truncate', a);
  }
  nearest(a: string): string {
    return this.#call('nearest', a);
  }
  roundToSingle(a: string): string {
    return this.#call('round_to_single', a);
  }
  minimum(a: string, b: string): string {
    return this.#extreme('minimum', 'lesser_or_first', a, b);
  }
  maximum(a: string, b: string): string {
    return this.#extreme('maximum', 'greater_or_first', a, b);
  }

  less(a: string, b: string): string {
    return this.#vector(`(${this.#vectorType})(${a} < ${b})`);
  }
  lessEqual(a: string, b: string): string {
    return this.#vector(`(${this.#vectorType})(${a} <= ${b})`);
  }
  equal(a: string, b: string): string {
    return this.#vector(`(${this.#vectorType})(${a} == ${b})`);
  }
  and(a: string, b: string): string {
    return this.#call('and', a, b);
  }
  or(a: string, b: string): string {
    return this.#call('or', a, b);
  }
  not(a: string): string {
    return this.#call('not', a);
  }
  select(mask: string, a: string, b: string): string {
    return this.#call('select', mask, a, b);
  }

  toIntegers(a: string): string {
    return this.#call('to_integers', a);
  }
  fromIntegers(a: string): string {
    return this.#call('from_integers', a);
  }
  integerConstant(value: number): string {
    return this.#call('all_integers', this.index(value));
  }
  addIntegers(a: string, b: string): string {
    return this.#ofIntegers(`${this.#integers(a)} + ${this.#integers(b)}`);
  }
  subtractIntegers(a: string, b: string): string {
    return this.#ofIntegers(`${this.#integers(a)} - ${this.#integers(b)}`);
  }
  shiftLeft(a: string, bits: number): string {
    return this.#ofIntegers(`${this.#integers(a)} << ${bits}`);
  }
  shiftRight(a: string, bits: number): string {
    return this.#ofIntegers(`${this.#integers(a)} >> ${bits}`);
  }

  call(name: LibraryFunction, ...x: string[]): string {
    return this.#call(name, ...x);
  }

  combineLanes(value: string, combine: (a: string, b: string) => string): string {
    let combined = value;
    for (let half = this.lanes / 2; half >= 1; half /= 2) {
      const swapped = Array.from({ length: this.lanes }, (_, lane) => lane ^ half);
      combined = combine(combined, this.#shuffle(combined, combined, swapped));
    }
    return this.#call('all', `${combined}[0]`);
  }

  /** Interleaves vectors that lie half the square apart, as often as halving `lanes` allows. */
  transpose(rows: readonly string[]): string[] {
    let vectors = [...rows];
    const half = this.lanes / 2;
    for (let halved = this.lanes; halved > 1; halved /= 2) {
      vectors = vectors.slice(0, half).flatMap((low, i) => {
        const inTurn = Array.from({ length: this.lanes }, (_, lane) => (lane >> 1) + (lane & 1) * this.lanes);
        const high = vectors[i + half];
        return [inTurn, inTurn.map((lane) => lane + half)].map((order) => this.#shuffle(low, high, order));
      });
    }
    return vectors;
  }

  get #vectorType(): string {
    return `${this.#prefix}_vector`;
  }

  #shuffle(a: string, b: string, lanes: readonly number[]): string {
    return this.#vector(`SHUFFLE(${this.#prefix}_integers, ${a}, ${b}, ${lanes.join(', ')})`);
  }

  #call(name: string, ...values: readonly string[]): string {
    return this.#vector(`${this.#prefix}_${name}(${values.join(', ')})`);
  }

  /** With such a constant the choice is enough, which gives the first vector unless the second is less (or greater). */
  #extreme(name: string, choice: string, a: string, b: string): string {
    if (this.#text.isNonZero(b)) return this.#call(choice, a, b);
    return this.#text.isNonZero(a) ? this.#call(choice, b, a) : this.#call(name, a, b);
  }

  #integers(a: string): string {
    return `(${this.#prefix}_integers)${a}`;
  }

  #ofIntegers(value: string): string {
    return this.#vector(`(${this.#vectorType})(${value})`);
  }

  #vector(value: string): string {
    const name = this.#name('v');
    this.#emit(`const ${this.#vectorType} ${name} = ${value};`);
    return name;
  }

  #elementAt(address: string): string {
    return `*(${this.#prefix}_element *)(M + ${address})`;
  }

  #indexOf(value: string | number): string {
    return typeof value === 'number' ? this.index(value) : value;
  }

  #literal(value: number): string {
    if (Number.isNaN(value)) return `__builtin_nan${this.#element.suffix}("")`;
    const rounded = this.elementType === 'float32' ? Math.fround(value) : value;
    const sign = rounded < 0 || Object.is(rounded, -0) ? '-' : '';
    if (Math.abs(rounded) === Number.POSITIVE_INFINITY) return `${sign}__builtin_inf${this.#element.suffix}()`;
    const digits = `${Math.abs(rounded)}`;
    return `${sign}${/^\d+$/.test(digits) ? `${digits}.0` : digits}${this.#element.suffix}`;
  }

  #name(prefix: string): string {
    return this.#text.newName(prefix);
  }

  #emit(...lines: readonly string[]): void {
    this.#text.emit(...lines);
  }
}

function singleAt(address: string): string {
  return `*(single *)(M + ${address})`;
}

function wordAt(address: string): string {
  return `*(word *)(M + ${address})`;
}
