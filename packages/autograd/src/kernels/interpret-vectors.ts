import { fusedMultiplyAdd } from './fused-multiply-add.ts';
import { numbers } from './numbers.ts';
import type { ElementType, LibraryFunction, Register, VectorMath } from './vector-math.ts';

/** A vector carried out: a typed array, so that every lane keeps its bits, those of a NaN too. Never changed. */
export type Lanes = Float32Array | Float64Array;

/**
 * Carries vector code out, lane by lane, on the bits that a machine would have. The operations that occur most have loops
 * of their own: one that calls a closure for each lane takes several times as long.
 */
export class VectorInterpreter implements VectorMath<Lanes> {
  readonly lanes: number;
  readonly elementType: ElementType;
  /** How often `multiplyAdd` rounds: machines differ. With float64 always twice. */
  readonly roundings: 1 | 2;

  constructor(lanes: number, elementType: ElementType, roundings: 1 | 2 = 2) {
    this.lanes = lanes;
    this.elementType = elementType;
    this.roundings = roundings;
  }

  constant(value: number): Lanes {
    return this.#empty().fill(value);
  }
  /** A vector of what the function gives for each lane, rounded. */
  fromElements(element: (lane: number) => number): Lanes {
    const result = this.#empty();
    for (let lane = 0; lane < result.length; lane++) result[lane] = element(lane);
    return result;
  }
  share(value: Lanes): Lanes {
    return value;
  }
  keep(value: Lanes): Register<Lanes> {
    let kept = value;
    return {
      get: () => kept,
      set: (next) => {
        kept = next;
      },
    };
  }

  add(a: Lanes, b: Lanes): Lanes {
    const result = this.#empty();
    for (let lane = 0; lane < result.length; lane++) result[lane] = a[lane] + b[lane];
    return result;
  }
  subtract(a: Lanes, b: Lanes): Lanes {
    const result = this.#empty();
    for (let lane = 0; lane < result.length; lane++) result[lane] = a[lane] - b[lane];
    return result;
  }
  multiply(a: Lanes, b: Lanes): Lanes {
    const result = this.#empty();
    for (let lane = 0; lane < result.length; lane++) result[lane] = a[lane] * b[lane];
    return result;
  }
  divide(a: Lanes, b: Lanes): Lanes {
    const result = this.#empty();
    for (let lane = 0; lane < result.length; lane++) result[lane] = a[lane] / b[lane];
    return result;
  }
  multiplyAdd(a: Lanes, b: Lanes, c: Lanes): Lanes {
    if (this.roundings === 2 || this.elementType === 'float64') return this.add(this.multiply(a, b), c);
    return this.fromElements((lane) => fusedMultiplyAdd(a[lane], b[lane], c[lane]));
  }
  negate(a: Lanes): Lanes {
    return this.fromElements((lane) => -a[lane]);
  }
  absolute(a: Lanes): Lanes {
    return this.fromElements((lane) => Math.abs(a[lane]));
  }
  squareRoot(a: Lanes): Lanes {
    return this.fromElements((lane) => Math.sqrt(a[lane]));
  }
  floor(a: Lanes): Lanes {
    return this.fromElements((lane) => Math.floor(a[lane]));
  }
  ceil(a: Lanes): Lanes {
    return this.fromElements((lane) => Math.ceil(a[lane]));
  }
  truncate(a: Lanes): Lanes {
    return this.fromElements((lane) => Math.trunc(a[lane]));
  }
  nearest(a: Lanes): Lanes {
    return this.fromElements((lane) => {
      const rounded = numbers.round(a[lane]);
      return rounded === 0 && (a[lane] < 0 || Object.is(a[lane], -0)) ? -0 : rounded;
    });
  }
  roundToSingle(a: Lanes): Lanes {
    return this.fromElements((lane) => Math.fround(a[lane]));
  }
  minimum(a: Lanes, b: Lanes): Lanes {
    return this.fromElements((lane) => Math.min(a[lane], b[lane]));
  }
  maximum(a: Lanes, b: Lanes): Lanes {
    return this.fromElements((lane) => Math.max(a[lane], b[lane]));
  }

  less(a: Lanes, b: Lanes): Lanes {
    return this.#mask((lane) => a[lane] < b[lane]);
  }
  lessEqual(a: Lanes, b: Lanes): Lanes {
    return this.#mask((lane) => a[lane] <= b[lane]);
  }
  equal(a: Lanes, b: Lanes): Lanes {
    return this.#mask((lane) => a[lane] === b[lane]);
  }
  and(a: Lanes, b: Lanes): Lanes {
    const [x, y] = [wordsOf(a), wordsOf(b)];
    return this.#words((i) => x[i] & y[i]);
  }
  or(a: Lanes, b: Lanes): Lanes {
    const [x, y] = [wordsOf(a), wordsOf(b)];
    return this.#words((i) => x[i] | y[i]);
  }
  not(a: Lanes): Lanes {
    const x = wordsOf(a);
    return this.#words((i) => ~x[i]);
  }
  select(mask: Lanes, a: Lanes, b: Lanes): Lanes {
    const [m, x, y] = [wordsOf(mask), wordsOf(a), wordsOf(b)];
    const result = this.#empty();
    const words = wordsOf(result);
    for (let i = 0; i < words.length; i++) words[i] = (m[i] & x[i]) | (~m[i] & y[i]);
    return result;
  }

  toIntegers(a: Lanes): Lanes {
    // The typed array takes the number modulo its width: what fits no integer gives anything.
    return this.#isNarrow
      ? this.#narrow((lane) => a[lane])
      : this.#wide((lane) => BigInt(Number.isFinite(a[lane]) ? Math.trunc(a[lane]) : 0));
  }
  fromIntegers(a: Lanes): Lanes {
    const integers = this.#isNarrow ? wordsOf(a) : wideOf(a);
    return this.fromElements((lane) => Number(integers[lane]));
  }
  integerConstant(value: number): Lanes {
    return this.#isNarrow ? this.#narrow(() => value) : this.#wide(() => BigInt(value));
  }
  addIntegers(a: Lanes, b: Lanes): Lanes {
    if (!this.#isNarrow) return this.#wide((lane) => wideOf(a)[lane] + wideOf(b)[lane]);
    const [x, y] = [wordsOf(a), wordsOf(b)];
    return this.#narrow((lane) => x[lane] + y[lane]);
  }
  subtractIntegers(a: Lanes, b: Lanes): Lanes {
    if (!this.#isNarrow) return this.#wide((lane) => wideOf(a)[lane] - wideOf(b)[lane]);
    const [x, y] = [wordsOf(a), wordsOf(b)];
    return this.#narrow((lane) => x[lane] - y[lane]);
  }
  shiftLeft(a: Lanes, bits: number): Lanes {
    if (!this.#isNarrow) return this.#wide((lane) => wideOf(a)[lane] << BigInt(bits));
    const x = wordsOf(a);
    return this.#narrow((lane) => x[lane] << bits);
  }
  shiftRight(a: Lanes, bits: number): Lanes {
    if (!this.#isNarrow) return this.#wide((lane) => wideOf(a)[lane] >> BigInt(bits));
    const x = wordsOf(a);
    return this.#narrow((lane) => x[lane] >> bits);
  }

  call(name: LibraryFunction, ...x: Lanes[]): Lanes {
    const compute: (...x: number[]) => number = numbers[name];
    return this.fromElements((lane) => compute(...x.map((vector) => vector[lane])));
  }

  get #isNarrow(): boolean {
    return this.elementType === 'float32';
  }
  #empty(): Lanes {
    return this.#isNarrow ? new Float32Array(this.lanes) : new Float64Array(this.lanes);
  }
  /** A vector of its words of 32 bits, of which float64 has two for each lane. */
  #words(word: (i: number) => number): Lanes {
    const result = this.#empty();
    const words = wordsOf(result);
    for (let i = 0; i < words.length; i++) words[i] = word(i);
    return result;
  }
  #narrow(integer: (lane: number) => number): Lanes {
    return this.#words(integer);
  }
  #wide(integer: (lane: number) => bigint): Lanes {
    const result = this.#empty();
    const integers = wideOf(result);
    for (let lane = 0; lane < integers.length; lane++) integers[lane] = integer(lane);
    return result;
  }
  #mask(isSet: (lane: number) => boolean): Lanes {
    const shift = this.#isNarrow ? 0 : 1;
    return this.#words((i) => (isSet(i >> shift) ? -1 : 0));
  }
}

function wordsOf(a: Lanes): Int32Array {
  return new Int32Array(a.buffer, a.byteOffset, a.byteLength / 4);
}

function wideOf(a: Lanes): BigInt64Array {
  return new BigInt64Array(a.buffer, a.byteOffset, a.length);
}
